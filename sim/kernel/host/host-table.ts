/**
 * What a run gets from each function and class of Node's modules, of versions 20 to 26: the guards are made of this table.
 *
 * - `virtual`: a virtual host answers it (`guards.ts`); in a forbidden run it ends the run.
 * - `refused`: answered from outside (files, network, processes, threads, memory, chance) and not simulated. It ends a run
 *   of either kind as nondeterminism.
 * - `conditional`: refused in the forms that `conditions.ts` names, and pure in the others.
 * - `through`: pure in itself; what it reaches of the host is refused there, mostly by a method (`host-objects.ts`).
 * - `loader`: part of how Node finds modules. What Node reads for that is no answer to the code under test.
 * - `configuration`: given to the process by who starts it, and the same in all of its runs. Left alone, as are
 *   the environment, the arguments, the process's number, the time zone and the locale (`process.env`, `argv`, `pid`, what
 *   `Date` and `Intl` do without being told a zone): libraries read them all the time. Where they reach a trace, the check
 *   of determinism in a fresh process with another time zone finds it.
 * - `pure`: a function of its arguments and of what the run did before.
 *
 * A dynamic `import()` is syntax and cannot be guarded: a task that waits for one ends the run as `foreign-await`.
 */
export type Treatment = 'virtual' | 'refused' | 'conditional' | 'through' | 'loader' | 'configuration' | 'pure';

/** The names of each treatment, with spaces between. */
export type Treatments = Readonly<Partial<Record<Treatment, string>>>;

/** Modules all of whose functions are pure. What of them takes a stream or a callback reaches the host through that. */
export const PURE_MODULES: ReadonlySet<string> = new Set(
  `assert assert/strict buffer console constants diagnostics_channel domain events path path/posix path/win32 punycode
   querystring stream stream/consumers stream/promises string_decoder sys test/reporters url util util/types`.split(
    /\s+/,
  ),
);

export const HOST_MODULES: Readonly<Record<string, Treatments>> = {
  async_hooks: {
    refused: 'createHook executionAsyncId triggerAsyncId',
    pure: 'AsyncLocalStorage AsyncResource executionAsyncResource',
  },
  child_process: {
    refused: '_forkChild exec execFile execFileSync execSync fork spawn spawnSync',
    through: 'ChildProcess',
  },
  cluster: {
    refused: 'fork setupMaster setupPrimary',
    through: 'disconnect Worker',
  },
  crypto: {
    virtual: `
      getRandomValues prng pseudoRandomBytes randomBytes randomFill randomFillSync randomInt randomUUID rng`,
    refused: `
      argon2 checkPrime checkPrimeSync encapsulate generateKey generateKeyPair generateKeyPairSync generateKeySync
      generatePrime generatePrimeSync hkdf pbkdf2 publicEncrypt randomUUIDv7 scrypt secureHeapUsed setEngine setFips`,
    conditional: 'createDiffieHellman decapsulate diffieHellman sign verify',
    through: `
      createDiffieHellmanGroup createECDH createSign DiffieHellman DiffieHellmanGroup ECDH
      getDiffieHellman Sign`,
    pure: `
      argon2Sync Certificate Cipher Cipheriv createCipher createCipheriv createDecipher createDecipheriv createHash
      createHmac createMac createPrivateKey createPublicKey createSecretKey createVerify Decipher Decipheriv
      getCipherInfo getCiphers getCurves getFips getHashes getMacs Hash hash hkdfSync Hmac KeyObject parsePKCS12
      pbkdf2Sync privateDecrypt privateEncrypt publicDecrypt scryptSync timingSafeEqual Verify X509Certificate`,
  },
  dgram: {
    refused: '_createSocketHandle',
    through: 'createSocket Socket',
  },
  dns: {
    refused: `
      lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr
      resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa resolveTxt reverse`,
    through: 'Resolver',
    configuration: 'getDefaultResultOrder getServers setDefaultResultOrder setServers',
  },
  'dns/promises': {
    refused: `
      lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr
      resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa resolveTxt reverse`,
    through: 'Resolver',
    configuration: 'getDefaultResultOrder getServers setDefaultResultOrder setServers',
  },
  fs: {
    refused: `
      ReadStream WriteStream createReadStream createWriteStream FileReadStream FileWriteStream Utf8Stream
      access accessSync appendFile appendFileSync chmod chmodSync chown chownSync close closeSync copyFile
      copyFileSync cp cpSync exists existsSync fchmod fchmodSync fchown fchownSync fdatasync fdatasyncSync fstat
      fstatSync fsync fsyncSync ftruncate ftruncateSync futimes futimesSync glob globSync lchown lchownSync link
      linkSync lstat lstatSync lutimes lutimesSync mkdir mkdirSync mkdtemp mkdtempDisposableSync mkdtempSync open
      openAsBlob openAsBlobSync opendir opendirSync openSync read readdir readdirSync readFile readFileSync readlink
      readlinkSync readSync readv readvSync realpath realpathSync rename renameSync rm rmdir rmdirSync rmSync stat
      statfs statfsSync statSync symlink symlinkSync truncate truncateSync unlink unlinkSync utimes utimesSync watch
      watchFile write writeFile writeFileSync writeSync writev writevSync`,
    through: 'Dir unwatchFile',
    pure: '_toUnixTimestamp Dirent Stats',
  },
  'fs/promises': {
    refused: `
      access appendFile chmod chown copyFile cp glob lchmod lchown link lstat lutimes mkdir mkdtemp
      mkdtempDisposable open opendir readdir readFile readlink realpath rename rm rmdir stat statfs symlink truncate
      unlink utimes watch writeFile`,
  },
  http: {
    refused: 'get request',
    through: `
      _connectionListener Agent ClientRequest createServer IncomingMessage OutgoingMessage Server ServerResponse
      WebSocket`,
    configuration: 'setGlobalProxyFromEnv setMaxIdleHTTPParsers',
    pure: 'CloseEvent MessageEvent validateHeaderName validateHeaderValue',
  },
  http2: {
    refused: 'connect',
    through: `
      createSecureServer createServer Http2ServerRequest Http2ServerResponse performServerHandshake`,
    pure: 'getDefaultSettings getPackedSettings getUnpackedSettings',
  },
  https: {
    refused: 'get request',
    through: 'Agent createServer Server',
  },
  inspector: {
    refused: 'close open waitForDebugger',
    through: 'Session',
    configuration: 'url',
  },
  'inspector/promises': {
    refused: 'close open waitForDebugger',
    through: 'Session',
    configuration: 'url',
  },
  module: {
    refused: 'enableCompileCache findPackageJSON flushCompileCache register registerHooks',
    loader: `
      _debug _findPath _initPaths _load _nodeModulePaths _preloadModules _readPackage _resolveFilename
      _resolveLookupPaths _stat createRequire findSourceMap getCompileCacheDir getSourceMapsSupport Module runMain
      setSourceMapsSupport syncBuiltinESMExports`,
    pure: 'isBuiltin SourceMap stripTypeScriptTypes wrap',
  },
  net: {
    refused: '_createServerHandle _TransferredBoundSocket BoundSocket connect createConnection',
    through: 'createServer Server Socket Stream',
    configuration: `
      _setSimultaneousAccepts getDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout
      setDefaultAutoSelectFamily setDefaultAutoSelectFamilyAttemptTimeout`,
    pure: '_normalizeArgs BlockList isIP isIPv4 isIPv6 SocketAddress',
  },
  os: {
    refused: `
      availableParallelism cpus freemem getPriority hostname loadavg networkInterfaces setPriority totalmem uptime
      userInfo`,
    configuration: 'arch endianness homedir machine platform release tmpdir type version',
  },
  perf_hooks: {
    refused: 'eventLoopUtilization monitorEventLoopDelay PerformanceObserver timerify',
    through: 'Performance PerformanceMark',
    pure: `
      createHistogram createSlidingWindowHistogram importHistogram PerformanceEntry PerformanceMeasure
      PerformanceObserverEntryList PerformanceResourceTiming`,
  },
  process: {
    virtual: 'hrtime uptime',
    refused: `
      send _send disconnect _disconnect
      _debugEnd _debugProcess _getActiveHandles _getActiveRequests _kill _linkedBinding abort availableMemory
      binding chdir constrainedMemory cpuUsage dlopen execve exit getActiveResourcesInfo initgroups kill loadEnvFile
      memoryUsage openStdin reallyExit resourceUsage setegid seteuid setgid setgroups setuid threadCpuUsage`,
    configuration: `
      _rawDebug _startProfilerIdleNotifier _stopProfilerIdleNotifier addUncaughtExceptionCaptureCallback cwd
      getBuiltinModule getegid geteuid getgid getgroups getuid hasUncaughtExceptionCaptureCallback
      setSourceMapsEnabled setUncaughtExceptionCaptureCallback umask`,
    pure: 'emit _fatalException _tickCallback assert emitWarning nextTick ref unref',
  },
  readline: {
    through: 'createInterface emitKeypressEvents Interface',
    pure: 'clearLine clearScreenDown cursorTo moveCursor',
  },
  'readline/promises': {
    through: 'createInterface Interface Readline',
  },
  repl: {
    refused: 'REPLServer start',
    pure: 'isValidSyntax Recoverable writer',
  },
  sea: {
    configuration: 'getAsset getAssetAsBlob getAssetKeys getRawAsset isSea',
  },
  sqlite: {
    refused: 'backup DatabaseSync',
    through: 'Session StatementSync',
  },
  ffi: {
    refused: `
      dlclose dlopen dlsym DynamicLibrary exportArrayBuffer exportArrayBufferView exportBuffer exportString
      getCurrentEventLoop getFloat32 getFloat64 getInt16 getInt32 getInt64 getInt8 getRawPointer getUint16 getUint32
      getUint64 getUint8 setFloat32 setFloat64 setInt16 setInt32 setInt64 setInt8 setUint16 setUint32 setUint64
      setUint8 toArrayBuffer toBuffer toString`,
  },
  'stream/web': {
    refused: 'CompressionStream DecompressionStream',
    pure: `
      ByteLengthQueuingStrategy CountQueuingStrategy ReadableByteStreamController ReadableStream
      ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader
      ReadableStreamTee TextDecoderStream TextEncoderStream TransformStream TransformStreamDefaultController
      WritableStream WritableStreamDefaultController WritableStreamDefaultWriter`,
  },
  test: {
    refused: `
      after afterEach before beforeEach describe expectFailure getTestContext it only run skip suite test todo`,
  },
  timers: {
    virtual: 'clearImmediate clearInterval clearTimeout setImmediate setInterval setTimeout',
    refused: '_unrefActive active enroll',
    configuration: 'unenroll',
  },
  'timers/promises': {
    virtual: 'setImmediate setInterval setTimeout',
  },
  tls: {
    refused: 'connect',
    through: 'createSecurePair createServer Server TLSSocket',
    configuration: 'getCACertificates setDefaultCACertificates',
    pure: `
      checkServerIdentity convertALPNProtocols createSecureContext getCertificateCompressionAlgorithms getCiphers
      SecureContext`,
  },
  trace_events: {
    refused: 'createTracing',
    configuration: 'getEnabledCategories',
  },
  tty: {
    refused: 'ReadStream WriteStream',
    configuration: 'isatty',
  },
  v8: {
    refused: `
      GCProfiler getCppHeapStatistics getHeapCodeStatistics getHeapSnapshot getHeapSpaceStatistics getHeapStatistics
      queryObjects setFlagsFromString setHeapProfileNearHeapLimit setHeapSnapshotNearHeapLimit startCpuProfile
      startHeapProfile stopCoverage takeCoverage writeHeapSnapshot`,
    pure: `
      cachedDataVersionTag DefaultDeserializer DefaultSerializer deserialize Deserializer
      isStringOneByteRepresentation serialize Serializer`,
  },
  vm: {
    refused: 'createContext measureMemory runInContext runInNewContext',
    pure: 'compileFunction createScript isContext runInThisContext Script',
  },
  wasi: {
    refused: 'WASI',
  },
  worker_threads: {
    refused: `
      BroadcastChannel MessageChannel moveMessagePortToContext postMessageToThread receiveMessageOnPort Worker`,
    through: 'MessagePort',
    pure: `
      getEnvironmentData isMarkedAsUntransferable markAsUncloneable markAsUntransferable setEnvironmentData`,
  },
  zlib: {
    refused: `
      BrotliCompress brotliCompress BrotliDecompress brotliDecompress createBrotliCompress createBrotliDecompress
      createDeflate createDeflateRaw createGunzip createGzip createInflate createInflateRaw createUnzip
      createZipArchive createZstdCompress createZstdDecompress Deflate deflate DeflateRaw deflateRaw Gunzip gunzip
      Gzip gzip Inflate inflate InflateRaw inflateRaw Unzip unzip ZipFile zipFiles ZstdCompress zstdCompress
      ZstdDecompress zstdDecompress`,
    pure: `
      brotliCompressSync brotliDecompressSync crc32 createZipArchiveSync deflateRawSync deflateSync
      getMaxZipContentSize gunzipSync gzipSync inflateRawSync inflateSync setMaxZipContentSize unzipSync ZipBuffer
      ZipEntry zstdCompressSync zstdDecompressSync`,
  },
};

/** The names of a module that are treated so. */
export function namesOf(module: string, treatment: Treatment): readonly string[] {
  return wordsOf(HOST_MODULES[module]?.[treatment]);
}

export function wordsOf(text = ''): readonly string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s+/);
}

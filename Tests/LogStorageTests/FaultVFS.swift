import GRDB
import GRDBSQLite
import Glibc

/// The functions through which SQLite reaches files (https://www.sqlite.org/vfs.html): the system's, and before them
/// the journal and the faults of a ``FaultDisk``.
enum FaultVFS {
    /// What a file needs; owned by the memory that SQLite gives each file, from open to close.
    private final class OpenFile {
        let disk: FaultDisk
        let name: String
        var isWriteAheadLog: Bool { name.hasSuffix("-wal") }

        init(disk: FaultDisk, name: String) {
            self.disk = disk
            self.name = name
        }
    }

    /// The memory of one file: this, and behind it the system's own.
    private struct Header {
        var base: sqlite3_file
        var file: Unmanaged<OpenFile>?
    }

    /// Written once, before SQLite knows of it.
    private struct Tables: @unchecked Sendable {
        let system: UnsafeMutablePointer<sqlite3_vfs>
        let methods: UnsafeMutablePointer<sqlite3_io_methods>
    }

    private static let tables: Tables? = {
        guard let system = sqlite3_vfs_find(nil) else { return nil }
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: makeMethods())
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: system.pointee)
        vfs.pointee.zName = UnsafePointer(strdup("faults"))
        vfs.pointee.szOsFile = Int32(MemoryLayout<Header>.size) + system.pointee.szOsFile
        vfs.pointee.xOpen = { FaultVFS.open($1, $2, $3, $4) }
        vfs.pointee.xDelete = { FaultVFS.delete($1, syncsFolder: $2 != 0) }
        guard sqlite3_vfs_register(vfs, 1) == SQLITE_OK else { return nil }
        return Tables(system: system, methods: methods)
    }()

    /// Puts itself before the system's, once.
    static func register() {
        precondition(tables != nil, "SQLite takes a VFS")
    }

    private static func open(
        _ path: UnsafePointer<CChar>?,
        _ memory: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32,
        _ flagsOut: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let memory, let tables, let open = tables.system.pointee.xOpen else { return SQLITE_CANTOPEN }
        guard let path, let (disk, name) = FaultDisk.holding(String(cString: path)) else {
            return open(tables.system, path, memory, flags, flagsOut)
        }
        let code = open(tables.system, path, system(memory), flags, flagsOut)
        // "If xOpen sets pMethods to non-NULL, xClose will be called even if xOpen fails": so not here.
        guard code == SQLITE_OK else {
            memory.pointee.pMethods = nil
            return code
        }
        UnsafeMutableRawPointer(memory).initializeMemory(
            as: Header.self,
            to: Header(
                base: sqlite3_file(pMethods: UnsafePointer(tables.methods)),
                file: Unmanaged.passRetained(OpenFile(disk: disk, name: name))
            )
        )
        return code
    }

    private static func delete(_ path: UnsafePointer<CChar>?, syncsFolder: Bool) -> Int32 {
        guard let tables, let path, let delete = tables.system.pointee.xDelete else {
            return ResultCode.SQLITE_IOERR_DELETE.rawValue
        }
        let code = delete(tables.system, path, 0)
        if code == SQLITE_OK, let (disk, name) = FaultDisk.holding(String(cString: path)) {
            disk.note(.delete(isDurable: syncsFolder), in: name)
        }
        return code
    }

    private static func file(_ memory: UnsafeMutablePointer<sqlite3_file>) -> OpenFile? {
        UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Header.self).pointee.file?.takeUnretainedValue()
    }

    private static func system(_ memory: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(memory) + MemoryLayout<Header>.size).assumingMemoryBound(to: sqlite3_file.self)
    }

    /// Calls the system's function for the file.
    private static func pass(
        _ memory: UnsafeMutablePointer<sqlite3_file>?,
        _ body: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32?
    ) -> Int32 {
        guard let memory, let methods = system(memory).pointee.pMethods else { return SQLITE_IOERR }
        return body(methods.pointee, system(memory)) ?? SQLITE_IOERR
    }

    private static func close(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        let code = pass(memory) { $0.xClose?($1) }
        guard let memory else { return code }
        UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Header.self).pointee.file?.release()
        return code
    }

    private static func write(
        _ memory: UnsafeMutablePointer<sqlite3_file>?,
        _ bytes: UnsafeRawPointer?,
        _ byteCount: Int32,
        _ offset: Int64
    ) -> Int32 {
        guard let memory, let bytes, let file = file(memory) else { return ResultCode.SQLITE_IOERR_WRITE.rawValue }
        let fault = file.disk.meet(file.isWriteAheadLog ? .writeAheadLogWrite : .databaseWrite)
        let done = fault.map { min(Int32(clamping: $0.bytesDone), byteCount) } ?? byteCount
        if done > 0 {
            let code = pass(memory) { $0.xWrite?($1, bytes, done, offset) }
            guard code == SQLITE_OK else { return code }
            let written = Array(UnsafeRawBufferPointer(start: bytes, count: Int(done)))
            file.disk.note(.write(offset: Int(offset), bytes: written), in: file.name)
        }
        return fault?.code ?? SQLITE_OK
    }

    private static func sync(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        guard let memory, let file = file(memory) else { return ResultCode.SQLITE_IOERR_FSYNC.rawValue }
        let fault = file.disk.meet(file.isWriteAheadLog ? .writeAheadLogSync : .databaseSync)
        file.disk.note(fault == nil || fault?.bytesDone != 0 ? .sync : .failedSync, in: file.name)
        return fault?.code ?? SQLITE_OK
    }

    private static func lock(
        _ memory: UnsafeMutablePointer<sqlite3_file>?,
        _ offset: Int32,
        _ count: Int32,
        _ flags: Int32
    ) -> Int32 {
        // "WAL_WRITE_LOCK 0", https://www.sqlite.org/walformat.html#wal_locks
        let isWriteLock = flags == SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE && offset == 0 && count == 1
        if isWriteLock, let memory, let fault = file(memory)?.disk.meet(.writeLock) { return fault.code }
        return pass(memory) { $0.xShmLock?($1, offset, count, flags) }
    }

    private static func makeMethods() -> sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        // Without xFetch: what is mapped is written past the journal.
        methods.iVersion = 2
        methods.xClose = { FaultVFS.close($0) }
        methods.xRead = { file, bytes, count, offset in FaultVFS.pass(file) { $0.xRead?($1, bytes, count, offset) } }
        methods.xWrite = { FaultVFS.write($0, $1, $2, $3) }
        methods.xTruncate = { memory, byteCount in
            let code = FaultVFS.pass(memory) { $0.xTruncate?($1, byteCount) }
            if code == SQLITE_OK, let file = memory.flatMap({ FaultVFS.file($0) }) {
                file.disk.note(.truncate(byteCount: Int(byteCount)), in: file.name)
            }
            return code
        }
        methods.xSync = { memory, _ in FaultVFS.sync(memory) }
        methods.xFileSize = { file, byteCount in FaultVFS.pass(file) { $0.xFileSize?($1, byteCount) } }
        methods.xLock = { file, level in FaultVFS.pass(file) { $0.xLock?($1, level) } }
        methods.xUnlock = { file, level in FaultVFS.pass(file) { $0.xUnlock?($1, level) } }
        methods.xCheckReservedLock = { file, result in FaultVFS.pass(file) { $0.xCheckReservedLock?($1, result) } }
        methods.xFileControl = { file, code, value in FaultVFS.pass(file) { $0.xFileControl?($1, code, value) } }
        methods.xSectorSize = { file in FaultVFS.pass(file) { $0.xSectorSize?($1) } }
        methods.xDeviceCharacteristics = { file in FaultVFS.pass(file) { $0.xDeviceCharacteristics?($1) } }
        methods.xShmMap = { file, region, byteCount, extends, memory in
            FaultVFS.pass(file) { $0.xShmMap?($1, region, byteCount, extends, memory) }
        }
        methods.xShmLock = { FaultVFS.lock($0, $1, $2, $3) }
        methods.xShmBarrier = { file in
            _ = FaultVFS.pass(file) {
                $0.xShmBarrier?($1)
                return SQLITE_OK
            }
        }
        methods.xShmUnmap = { file, deletes in FaultVFS.pass(file) { $0.xShmUnmap?($1, deletes) } }
        return methods
    }
}

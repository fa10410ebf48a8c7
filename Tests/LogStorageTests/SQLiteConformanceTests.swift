import LogStorage
import LogTestKit
import TestKit
import Testing

@Suite("SQLite keeps LogStore's contract")
struct SQLiteConformanceTests {
    @Test(arguments: LogStoreConformance.claims)
    func keeps(_ claim: LogStoreConformance.Claim) throws {
        let folder = try ScratchFolder()
        try claim.check(
            LogStoreConformance.Stores(
                make: {
                    try SQLiteLogStore.create(
                        at: folder.path("log.sqlite"),
                        refusalsMax: LogStoreConformance.refusalsMax
                    )
                },
                reopen: { store in
                    try (store as? SQLiteLogStore)?.close()
                    return try SQLiteLogStore.open(at: folder.path("log.sqlite"))
                }
            )
        )
    }
}

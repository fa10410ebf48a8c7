import LogStorage
import LogTestKit
import Testing

@Suite("PostgreSQL keeps LogStore's contract")
struct PostgresConformanceTests {
    @Test(arguments: LogStoreConformance.claims)
    func keeps(_ claim: LogStoreConformance.Claim) throws {
        let source = try PostgresServer.shared.get().newSource()
        try claim.check(
            LogStoreConformance.Stores(
                make: { try PostgresLogStore.create(in: source, refusalsMax: LogStoreConformance.refusalsMax) },
                reopen: { store in
                    (store as? PostgresLogStore)?.close()
                    return try PostgresLogStore.open(source)
                }
            )
        )
    }
}

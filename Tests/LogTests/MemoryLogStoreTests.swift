import LogTestKit
import Testing

@Suite("The store in memory keeps LogStore's contract")
struct MemoryLogStoreTests {
    @Test(arguments: LogStoreConformance.claims)
    func keeps(_ claim: LogStoreConformance.Claim) throws {
        try claim.check(
            LogStoreConformance.Stores(
                make: { MemoryLogStore(refusalsMax: LogStoreConformance.refusalsMax) },
                reopen: { $0 }
            )
        )
    }
}

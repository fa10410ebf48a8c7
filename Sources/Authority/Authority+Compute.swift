extension Authority {
    /// Does CPU work of an edge on the crypto workers. Throws `.busy`.
    public func compute<Value: Sendable>(_ work: () -> Value) async throws(AuthorityError) -> Value {
        try await workers.run { () async throws(AuthorityError) in work() }
    }
}

public import Keys
public import Log
public import Transparency

extension RecordLog {
    /// Recomputes a whole stored log from its entries, with nothing but its public key, see ``Log/LogAudit``. A server may be
    /// at work on it. Blocks for as long as it takes to read the log. Throws `.log`.
    public static func audit(
        _ store: any LogStore,
        key: PublicKey,
        origin: LogOrigin
    ) throws(RecordLogError) -> TreeSize {
        do throws(LogError) {
            let head = try LogAudit.run(
                store,
                signer: RecordCheckpointReader(key: key, origin: origin),
                merkleLeaf: { try RecordBody.bytes(of: $0) }
            )
            return head.tree.size
        } catch {
            throw .log(error)
        }
    }
}

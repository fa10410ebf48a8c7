import COpenSSL
import Glibc

/// Sends prepared requests, each with a token, a key and a proof of its own, and measures what comes back.
enum Load {
    /// Serves the issuer, then for each line `RUN token concurrency count` on standard input prints one line
    /// `wall cpu p50 p99 errors`; `cpu` is the server's, read from `/proc`. For the token `record` entries of the record log
    /// are asked for instead of certificates, for `timestamp` timestamps. One process for all runs, so that the issuer stays
    /// the same.
    static func run() {
        let port = option("port", default: 5555)
        let server = option("pid", default: 0)
        let issuer = Issuer(port: option("issuer-port", default: 18888))
        issuer.serve()
        print("issuing \(issuer.url)")
        fflush(nil)
        var tokens = 0
        var signer: RecordSigner?
        while let line = readLine() {
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "RUN", let concurrency = Int(words[2]), let count = Int(words[3]) else {
                fail("unknown command \(line)")
            }
            let requests: [[UInt8]]
            if words[1] == "timestamp" {
                requests = (0..<count).map { timestampRequest(number: tokens + $0) }
            } else if words[1] == "record" {
                let known = signer ?? RecordSigner(issuer, port: port)
                signer = known
                requests = (0..<count).map { known.request(number: tokens + $0) }
            } else {
                requests = (0..<count).map { request(issuer, rs256: words[1] == "rs256", number: tokens + $0) }
            }
            tokens += count
            let before = cpuSeconds(of: server)
            let start = wallSeconds()
            let (latencies, errors) = send(requests, concurrency: concurrency, port: port)
            let wall = wallSeconds() - start
            let cpu = cpuSeconds(of: server) - before
            let sorted = latencies.sorted()
            print(wall, cpu, sorted[sorted.count / 2], sorted[min(sorted.count - 1, sorted.count * 99 / 100)], errors)
            fflush(nil)
        }
    }

    /// A request for a certificate.
    static func request(
        _ issuer: Issuer,
        rs256: Bool,
        number: Int,
        key: Key = Key.ec(NID_X9_62_prime256v1)
    ) -> [UInt8] {
        let pem = key.publicPEM.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
        let body = """
            {"publicKeyRequest":{"publicKey":{"algorithm":"ECDSA","content":"\(pem)"},\
            "proofOfPossession":"\(base64(key.sign(Array("alice@example.com".utf8))))"}}
            """
        let token = "Authorization: Bearer \(issuer.token(rs256: rs256, number: number))\r\n"
        return post("/api/v2/signingCert", header: token, body)
    }

    /// A request for a timestamp as sigstore-python sends it: SHA-256, a nonce, with the certificate.
    private static func timestampRequest(number: Int) -> [UInt8] {
        let artifact = Array("artifact \(number)".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(artifact, artifact.count, &digest)
        let head: [UInt8] = [
            0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
            0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ]
        let nonce: [UInt8] = [0x02, 0x08, 0x41] + digest.prefix(7)
        return post(
            "/api/v1/timestamp",
            type: "application/timestamp-query",
            head + digest + nonce + [0x01, 0x01, 0xFF]
        )
    }

    /// A request as it is sent.
    static func post(_ path: String, header: String = "", _ body: String) -> [UInt8] {
        post(path, header: header, type: "application/json", Array(body.utf8))
    }

    private static func post(_ path: String, header: String = "", type: String, _ body: [UInt8]) -> [UInt8] {
        let head = """
            POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: mayfly-bench\r\n\(header)\
            Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n
            """
        return Array(head.utf8) + body
    }

    /// One connection's state.
    private struct Connection {
        let descriptor: Int32
        var started = 0.0
        var received: [UInt8] = []
    }

    /// Keeps `concurrency` requests in flight until all have been answered.
    private static func send(
        _ requests: [[UInt8]],
        concurrency: Int,
        port: Int
    ) -> (latencies: [Double], errors: Int) {
        var connections = (0..<concurrency).map { _ in Connection(descriptor: Loopback.connect(port: port)) }
        defer { for connection in connections { close(connection.descriptor) } }
        var polls = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var next = 0
        var latencies: [Double] = []
        var errors = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)

        func start(_ index: Int) {
            guard next < requests.count else {
                polls[index].events = 0
                return
            }
            connections[index].started = wallSeconds()
            connections[index].received.removeAll(keepingCapacity: true)
            let request = requests[next]
            next += 1
            guard Glibc.send(connections[index].descriptor, request, request.count, 0) == request.count else {
                fail("couldn't send")
            }
        }

        for index in 0..<concurrency { start(index) }
        while latencies.count < requests.count {
            guard poll(&polls, nfds_t(polls.count), 30_000) > 0 else { fail("the server stopped answering") }
            for index in polls.indices where polls[index].revents != 0 {
                let count = recv(connections[index].descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { fail("the server closed a connection") }
                connections[index].received.append(contentsOf: buffer.prefix(count))
                guard let isGood = completion(of: connections[index].received) else { continue }
                latencies.append(wallSeconds() - connections[index].started)
                if !isGood { errors += 1 }
                start(index)
            }
        }
        return (latencies, errors)
    }

    /// Whether a complete answer is what was asked for; nil while it is incomplete.
    static func completion(of bytes: [UInt8]) -> Bool? {
        let end = Array("\r\n\r\n".utf8)
        guard
            let headEnd = bytes.indices.dropLast(3).first(where: { bytes[$0] == 13 && Array(bytes[$0..<$0 + 4]) == end }
            )
        else { return nil }
        let head = String(decoding: bytes[..<headEnd], as: UTF8.self).lowercased()
        guard let field = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length:") }),
            let length = Int(field.dropFirst("content-length:".count).drop(while: { $0 == " " }))
        else { fail("an answer without a length") }
        guard bytes.count >= headEnd + 4 + length else { return nil }
        return head.hasPrefix("http/1.1 200") || head.hasPrefix("http/1.1 201")
    }

    /// CPU time of a process, from its threads' run times in nanoseconds.
    private static func cpuSeconds(of process: Int) -> Double {
        guard let directory = opendir("/proc/\(process)/task") else { fail("no process \(process)") }
        defer { closedir(directory) }
        var total = 0.0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let file = fopen("/proc/\(process)/task/\(name)/schedstat", "r") else { continue }
            var line = [CChar](repeating: 0, count: 128)
            if fgets(&line, 128, file) != nil { total += (strtod(line, nil)) * 1e-9 }
            fclose(file)
        }
        return total
    }
}

import Keys
import Testing
import TrustRoot
import Wire

@Suite("The Update Framework 1.0")
struct TrustRepositoryTests {
    private static let now = TestMaterial.now
    private let lifetimes = TrustLifetimes.default
    private let offline: SigningKey
    private let online: SigningKey
    private let contents: [TrustTarget]
    private var repository: TrustRepository

    init() throws {
        offline = try SigningKey.generate(.p256)
        online = try SigningKey.generate(.p256)
        contents = try TestMaterial().documents().targets
        repository = try TrustRepository(
            contents,
            offline: offline,
            online: online,
            lifetimes: lifetimes,
            at: Self.now
        )
    }

    private func reread(_ files: [String: [UInt8]]) throws -> TrustRepository {
        try TrustRepository { name throws(TrustRootError) in files[name] }
    }

    @Test func newRepositoryHasAllThatClientsAskFor() throws {
        let names = Set(repository.files.keys)
        let expected: Set = ["1.root.json", "root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"]
        #expect(names.subtracting(expected) == Set(contents.map { "targets/\($0.digest).\($0.name)" }))
        #expect(expected.isSubset(of: names))
        #expect(repository.names(contents))
    }

    @Test func whatWasWrittenIsRead() throws {
        let read = try reread(repository.files)
        #expect(read.files == repository.files)
        #expect(TUFRole.allCases.map { read.version($0) } == [1, 1, 1, 1])
        #expect(TUFRole.allCases.map { read.expiresSeconds($0) } == TUFRole.allCases.map { Self.now + lifetimes[$0] })
    }

    @Test func nothingIsSignedBeforeItIsDue() throws {
        var repository = repository
        let before = repository.files
        let early = Self.now + lifetimes.timestampSeconds * 2 / 3 - 1
        #expect(try !repository.publish(online: online, lifetimes: lifetimes, at: early))
        #expect(repository.files == before)
    }

    @Test func timestampIsSignedAnewWithAThirdOfItsLifeLeft() throws {
        var repository = repository
        let late = Self.now + lifetimes.timestampSeconds * 2 / 3 + 1
        #expect(try repository.publish(online: online, lifetimes: lifetimes, at: late))
        #expect(repository.version(.timestamp) == 2)
        #expect(repository.version(.snapshot) == 1)
        #expect(repository.expiresSeconds(.timestamp) == late + lifetimes.timestampSeconds)
        #expect(repository.changes(since: self.repository).map(\.path) == ["timestamp.json"])
    }

    @Test func shorterLivesThanBeforeCountAtOnce() throws {
        var repository = repository
        var shorter = lifetimes
        shorter.timestampSeconds = 60
        #expect(try repository.publish(online: online, lifetimes: shorter, at: Self.now + 1))
        #expect(repository.expiresSeconds(.timestamp) == Self.now + 61)
        #expect(repository.version(.snapshot) == 1)
    }

    @Test func targetsThatWereRenewedArePublished() throws {
        var repository = repository
        let changed =
            contents.filter { $0.name != "ctfe.pub" } + [TrustTarget(name: "ctfe.pub", bytes: [1], legacy: nil)]
        try repository.renewTargets(changed, offline: offline, lifetimes: lifetimes, at: Self.now + 1)
        #expect(try repository.publish(online: online, lifetimes: lifetimes, at: Self.now + 1))
        #expect(TUFRole.allCases.map { repository.version($0) } == [1, 2, 2, 2])
        #expect(repository.target("ctfe.pub") == [1])
        let order = repository.changes(since: self.repository).map(\.path)
        #expect(order.suffix(3) == ["2.targets.json", "2.snapshot.json", "timestamp.json"])
        // A client that is half-way through still finds what it asks for.
        #expect(repository.files["1.targets.json"] != nil && repository.files["1.snapshot.json"] != nil)
        #expect(try reread(repository.files).files == repository.files)
    }

    @Test func targetsThatWaitForTheOnlineKeyAreSeenWhenItComes() throws {
        var offlineSide = repository
        try offlineSide.renewTargets(contents, offline: offline, lifetimes: lifetimes, at: Self.now + 5)
        var onlineSide = try reread(offlineSide.files)
        #expect(onlineSide.version(.targets) == 2 && onlineSide.version(.snapshot) == 1)
        #expect(try onlineSide.publish(online: online, lifetimes: lifetimes, at: Self.now + 6))
        #expect(onlineSide.version(.snapshot) == 2)
    }

    @Test func rootsFollowOneAnotherWithNewKeys() throws {
        var repository = repository
        let newOffline = try SigningKey.generate(.p256)
        let newOnline = try SigningKey.generate(.p256)
        try repository.renewRoot(
            offline: offline,
            newOffline: newOffline,
            newOnline: newOnline.publicKey,
            lifetimes: lifetimes,
            at: Self.now + 1
        )
        let second = try JSON.parse(try #require(repository.files["2.root.json"]))
        #expect(second["signatures"]?.elements?.count == 2)
        #expect(repository.files["root.json"] == repository.files["2.root.json"])
        #expect(repository.files["1.root.json"] == self.repository.files["1.root.json"])

        #expect(throws: TrustRootError.wrongKey(role: .targets)) {
            try repository.renewTargets(contents, offline: offline, lifetimes: lifetimes, at: Self.now + 1)
        }
        #expect(throws: TrustRootError.wrongKey(role: .timestamp)) {
            try repository.publish(online: online, lifetimes: lifetimes, at: Self.now + 1)
        }
        try repository.renewTargets(contents, offline: newOffline, lifetimes: lifetimes, at: Self.now + 1)
        #expect(try repository.publish(online: newOnline, lifetimes: lifetimes, at: Self.now + 1))
        #expect(try reread(repository.files).files == repository.files)
    }

    @Test func rootThatWasWrittenBeforeACrashIsTaken() throws {
        var repository = repository
        try repository.renewRoot(offline: offline, lifetimes: lifetimes, at: Self.now + 1)
        var files = repository.files
        files["root.json"] = files["1.root.json"]
        #expect(try reread(files).version(.root) == 2)
    }

    @Test func whatOthersSignIsRefused() throws {
        let stranger = try SigningKey.generate(.p256)
        let other = try TrustRepository(
            contents,
            offline: stranger,
            online: stranger,
            lifetimes: lifetimes,
            at: Self.now
        )
        var files = repository.files
        files["1.targets.json"] = other.files["1.targets.json"]
        #expect(throws: TrustRootError.unsigned(file: "1.targets.json")) { try reread(files) }
        files = repository.files
        files["2.root.json"] = other.files["1.root.json"]
        #expect(throws: TrustRootError.unsigned(file: "2.root.json")) { try reread(files) }
        var changed = repository
        #expect(throws: TrustRootError.wrongKey(role: .root)) {
            try changed.renewRoot(offline: stranger, lifetimes: lifetimes, at: Self.now)
        }
    }

    @Test func everyByteOfTheFilesCounts() throws {
        let target = try #require(contents.first)
        let path = "targets/\(target.digest).\(target.name)"
        for name in ["root.json", "1.root.json", "1.targets.json", path] {
            var files = repository.files
            let bytes = try #require(files[name])
            // A digit of a version, of a time, of a digest or of a signature.
            let place = try #require(bytes.lastIndex { (0x31...0x39).contains($0) })
            files[name]?[place] ^= 1
            #expect(throws: TrustRootError.self, "\(name)") { try reread(files) }
            files[name] = nil
            #expect(throws: TrustRootError.self, "\(name) missing") { try reread(files) }
        }
    }

    @Test func garbageIsRefusedAndNothingTraps() throws {
        let bodies = [
            "", "{}", "[]", "null", #"{"signed":{},"signatures":[]}"#,
            #"{"signed":{"_type":"root"},"signatures":[{}]}"#,
            #"{"signed":{"_type":"root","version":1.5},"signatures":[]}"#,
            #"{"signed":{"_type":"root","version":-1,"expires":"x"},"signatures":[{"keyid":"a","sig":"zz"}]}"#,
        ]
        for name in ["root.json", "1.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"] {
            for body in bodies {
                var files = repository.files
                files[name] = Array(body.utf8)
                #expect(throws: TrustRootError.self, "\(name) \(body)") { try reread(files) }
            }
        }
    }

    @Test func keysOfOtherKindsAreRefused() throws {
        #expect(throws: TrustRootError.keyUnsupported(.p384)) {
            try TUFKey(SigningKey.generate(.p384).publicKey)
        }
    }
}

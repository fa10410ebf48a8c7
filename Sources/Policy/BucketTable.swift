/// Buckets by key, not more than a given number.
///
/// A heap has the bucket that is full first on top. When there is no room, that one goes: as long as it is full nobody
/// can tell, and otherwise it is the one that loses least. Every call costs at most the logarithm of the number.
struct BucketTable<Key: Hashable & Sendable>: Sendable {
    private struct Slot {
        let key: Key
        var bucket: TokenBucket
        var fullAt: Int64
    }

    private let countMax: Int
    private var heap: [Slot] = []
    private var places: [Key: Int] = [:]

    /// `countMax` is at least 1.
    init(countMax: Int) {
        self.countMax = countMax
    }

    var count: Int { heap.count }

    /// The bucket as it would be now; a key without one has a full one.
    func bucket(_ key: Key, _ limit: RateLimit, now: Int64) -> TokenBucket {
        guard let place = places[key] else { return TokenBucket(limit, now: now) }
        var bucket = heap[place].bucket
        bucket.fill(limit, now: now)
        return bucket
    }

    /// Puts a bucket in its place, and drops up to two that are full.
    mutating func update(_ key: Key, _ bucket: TokenBucket, now: Int64) {
        let slot = Slot(key: key, bucket: bucket, fullAt: bucket.fullAt)
        if let place = places[key] {
            heap[place] = slot
            settle(place)
            return
        }
        for _ in 0..<2 {
            if let first = heap.first, first.fullAt <= now || heap.count >= countMax { removeFirst() }
        }
        heap.append(slot)
        places[key] = heap.count - 1
        settle(heap.count - 1)
    }

    private mutating func removeFirst() {
        guard let first = heap.first, let last = heap.popLast() else { return }
        places[first.key] = nil
        if heap.isEmpty { return }
        heap[0] = last
        places[last.key] = 0
        settle(0)
    }

    /// Moves the slot at this place up or down until the heap is in order.
    private mutating func settle(_ start: Int) {
        var place = start
        while place > 0, heap[place].fullAt < heap[(place - 1) / 2].fullAt {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
        while true {
            var first = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if heap[child].fullAt < heap[first].fullAt { first = child }
            }
            if first == place { return }
            swap(place, first)
            place = first
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        places[heap[a].key] = a
        places[heap[b].key] = b
    }
}

import Auditing
import Testing

/// The parts of the pipeline, each by itself.
@Suite struct PipelinePartsTests {
    @Test func aQueueGivesInOrderAndCountsWhatIsNotFinished() {
        var queue = WorkQueue<String>()
        #expect(queue.take() == nil && queue.count == 0)
        for name in ["a", "b", "c"] { queue.admit(name) }
        #expect(queue.admitted == 3 && queue.count == 3 && queue.nobodyWorks)
        #expect(queue.take().map { [$0.element, "\($0.place)"] } == ["a", "0"])
        #expect(queue.take().map { [$0.element, "\($0.place)"] } == ["b", "1"])
        #expect(queue.count == 3 && !queue.nobodyWorks)
        queue.finish()
        #expect(queue.count == 2 && !queue.nobodyWorks)
        queue.finish()
        #expect(queue.count == 1 && queue.nobodyWorks)
        queue.admit("d")
        #expect(queue.admitted == 4 && queue.take()?.place == 2 && queue.take()?.place == 3 && queue.take() == nil)
    }

    @Test func aGathererGivesFullBatchesByPlace() {
        var gatherer = BatchGatherer<String>(size: 2)
        #expect(gatherer.take(partial: true) == nil)
        gatherer.add("third", at: 3)
        #expect(gatherer.take(partial: false) == nil && gatherer.count == 1)
        gatherer.add("first", at: 1)
        gatherer.add("second", at: 2)
        #expect(gatherer.take(partial: false) == ["first", "second"])
        #expect(gatherer.count == 3 && !gatherer.nobodyJudges)
        #expect(gatherer.take(partial: false) == nil && gatherer.take(partial: true) == ["third"])
        gatherer.finish(2)
        #expect(gatherer.judgingTime == .zero && !gatherer.nobodyJudges)
        gatherer.finish(1)
        #expect(gatherer.judgingTime > .zero && gatherer.nobodyJudges && gatherer.count == 0)
    }

    @Test func anOutputRestoresTheOrder() {
        var output = OrderedOutput<String>()
        for (place, name) in [(2, "c"), (0, "a"), (4, "e")] { output.put(name, at: place) }
        #expect(output.next() == "a" && output.next() == nil && output.given == 1)
        output.put("b", at: 1)
        #expect(output.next() == "b" && output.next() == "c" && output.next() == nil && output.given == 3)
        // After a stop, what is missing is passed over.
        #expect(output.earliest() == "e" && output.earliest() == nil)
    }
}

extension Report {
    /// Everything that HTML and Markdown print, in order.
    var sections: [ReportSection] {
        var sections: [ReportSection?] = [overview]
        if let assessment {
            sections += [accuracy(assessment), curves(assessment), reference(assessment), confusion(assessment)]
            sections += [identification(assessment), forgeries(assessment)]
            sections += mistakes(assessment)
        }
        sections += [pValues, findsSection, sharedNoiseSection, failuresSection, provenance, meaning]
        return sections.compactMap { $0 }
    }
}

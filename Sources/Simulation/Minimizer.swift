/// Makes a failing run as plain as it can be: kinds of fault that it does not need are left out.
///
/// - Parameter result: A run that broke a promise.
/// - Returns: A traced run that breaks one too, of the same seed, with as few kinds of fault as greedy
///   search finds.
package func minimized(_ result: SeedResult) -> SeedResult {
    var best = result
    var isBetter = true
    while isBetter {
        isBetter = false
        for fault in best.faultCounts.kinds.reversed() {
            var options = best.options
            options.isTraced = false
            options.excluded.insert(fault)
            let simpler = simulate(options)
            guard simpler.failure != nil,
                simpler.faultCounts.kinds.count < best.faultCounts.kinds.count
            else { continue }
            best = simpler
            isBetter = true
        }
    }
    var options = best.options
    options.isTraced = true
    return simulate(options)
}

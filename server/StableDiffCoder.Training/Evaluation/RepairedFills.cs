using System.Diagnostics;
using System.Globalization;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Fills as they are and after each round of <see cref="FillRepair"/>. A hole is filled and mended once for all of them.</summary>
/// <param name="engine">The loaded model; stays the caller's.</param>
/// <param name="options">How to sample; token budget and stop strings are set here.</param>
/// <param name="rounds">Most rounds.</param>
public sealed class RepairedFills(IInfillEngine engine, InfillOptions options, int rounds)
{
    private readonly Dictionary<string, HoleFill[]> known = [];

    /// <summary>One for each number of rounds, the most first and the fills as they are last.</summary>
    public IReadOnlyList<IHoleFiller> Fillers => [.. Enumerable.Range(0, rounds + 1).Reverse().Select(round => new After(this, round))];

    // By round; where nothing is left to mend, the later rounds have what the last one had.
    private async Task<HoleFill[]> AllAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(hole.Id, out HoleFill[]? earlier))
        {
            return earlier;
        }
        InfillRequest request = EngineHoleFiller.RequestOf(hole, maxNewTokens, options);
        long started = Stopwatch.GetTimestamp();
        InfilledSpan span = (await engine.InfillAsync(request, null, cancellationToken)).Spans[0];
        var fills = new List<HoleFill> { EngineHoleFiller.FillOf(hole, span, Stopwatch.GetElapsedTime(started)) };
        IAsyncEnumerable<InfilledSpan> mended = FillRepair.RoundsAsync(
            engine,
            request,
            span,
            CSharpSyntax.ErrorOffsets,
            null,
            cancellationToken
        );
        await foreach (InfilledSpan better in mended.Take(rounds).WithCancellation(cancellationToken))
        {
            fills.Add(EngineHoleFiller.FillOf(hole, better, Stopwatch.GetElapsedTime(started)));
        }
        return known[hole.Id] = [.. fills, .. Enumerable.Repeat(fills[^1], rounds + 1 - fills.Count)];
    }

    private sealed class After(RepairedFills fills, int round) : IHoleFiller
    {
        public string Name => round == 0 ? fills.Model : string.Create(CultureInfo.InvariantCulture, $"{fills.Model}, repaired {round}×");

        public async Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken) =>
            (await fills.AllAsync(hole, maxNewTokens, cancellationToken))[round];
    }

    private string Model => engine.Description.Model;
}

using System.Diagnostics;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Fills holes with an infill engine.</summary>
/// <param name="engine">The loaded model; stays the caller's.</param>
/// <param name="options">How to sample; token budget and stop strings are set here.</param>
/// <param name="repairRounds">Generations that may mend a fill with new syntax errors (<see cref="FillRepair"/>); 0 mends nothing.</param>
/// <param name="snippets">Pieces of other files for a hole; null for none.</param>
/// <param name="name">Name in the report; null for the model's, with the rounds.</param>
public sealed class EngineHoleFiller(
    IInfillEngine engine,
    InfillOptions options,
    int repairRounds = 0,
    Func<Hole, IReadOnlyList<ContextSnippet>>? snippets = null,
    string? name = null
) : IHoleFiller
{
    /// <inheritdoc/>
    public string Name => name ?? (repairRounds == 0 ? engine.Description.Model : $"{engine.Description.Model}, repaired {repairRounds}×");

    /// <inheritdoc/>
    public async Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken)
    {
        var request = new InfillRequest
        {
            Text = hole.Prefix + hole.Suffix,
            Spans = [new TextSpan(hole.Prefix.Length, 0)],
            Snippets = snippets?.Invoke(hole) ?? [],
            Options = options with { MaxNewTokens = maxNewTokens, StopStrings = hole.EndsWithItsLine ? ["\n"] : [] },
        };
        long started = Stopwatch.GetTimestamp();
        InfilledSpan span = (await engine.InfillAsync(request, null, cancellationToken)).Spans[0];
        span = await FillRepair.RunAsync(engine, request, span, CSharpSyntax.ErrorOffsets, repairRounds, null, cancellationToken);
        return new HoleFill(hole.Counted(span.Text), span.Tokens, span.Forwards, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}

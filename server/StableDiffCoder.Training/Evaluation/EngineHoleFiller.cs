using System.Diagnostics;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Fills holes with an infill engine.</summary>
/// <param name="engine">The loaded model; stays the caller's.</param>
/// <param name="options">How to sample; token budget and stop strings are set here.</param>
/// <param name="snippets">Pieces of other files for a hole; null for none.</param>
/// <param name="name">Name in the report; null for the model's.</param>
public sealed class EngineHoleFiller(
    IInfillEngine engine,
    InfillOptions options,
    Func<Hole, IReadOnlyList<ContextSnippet>>? snippets = null,
    string? name = null
) : IHoleFiller
{
    /// <inheritdoc/>
    public string Name => name ?? engine.Description.Model;

    /// <inheritdoc/>
    public async Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken)
    {
        InfillRequest request = RequestOf(hole, maxNewTokens, options) with { Snippets = snippets?.Invoke(hole) ?? [] };
        long started = Stopwatch.GetTimestamp();
        InfilledSpan span = (await engine.InfillAsync(request, null, cancellationToken)).Spans[0];
        return FillOf(hole, span, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Asks for a hole's fill by the rules of the evaluation.</summary>
    internal static InfillRequest RequestOf(Hole hole, int maxNewTokens, InfillOptions options) =>
        new()
        {
            Text = hole.Prefix + hole.Suffix,
            Spans = [new TextSpan(hole.Prefix.Length, 0)],
            Options = options with { MaxNewTokens = maxNewTokens, StopStrings = hole.EndsWithItsLine ? ["\n"] : [] },
        };

    /// <summary>What counts of an answer.</summary>
    internal static HoleFill FillOf(Hole hole, InfilledSpan span, TimeSpan time) =>
        new(hole.Counted(span.Text), span.Tokens, span.Forwards, time.TotalMilliseconds);
}

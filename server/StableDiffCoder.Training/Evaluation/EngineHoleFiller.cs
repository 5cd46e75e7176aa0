using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Fills holes with an infill engine.</summary>
/// <param name="engine">The loaded model; stays the caller's.</param>
/// <param name="options">How to sample; token budget and stop strings are set here.</param>
public sealed class EngineHoleFiller(IInfillEngine engine, InfillOptions options) : IHoleFiller
{
    /// <inheritdoc/>
    public string Name => engine.Description.Model;

    /// <inheritdoc/>
    public async Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken)
    {
        var request = new InfillRequest
        {
            Text = hole.Prefix + hole.Suffix,
            Spans = [new TextSpan(hole.Prefix.Length, 0)],
            Options = options with { MaxNewTokens = maxNewTokens, StopStrings = hole.EndsWithItsLine ? ["\n"] : [] },
        };
        InfillResult result = await engine.InfillAsync(request, null, cancellationToken);
        InfilledSpan span = result.Spans[0];
        return new HoleFill(hole.Counted(span.Text), span.Tokens, span.Forwards, result.Milliseconds);
    }
}

using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>Answers lines of <c>infill --jsonl</c>.</summary>
/// <param name="engine">Owned.</param>
/// <param name="defaults">For fields that a line leaves out.</param>
internal sealed class InfillLineAnswerer(IInfillEngine engine, InfillOptions defaults) : IJsonLineAnswerer
{
    /// <inheritdoc/>
    public async Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        InfillResult result = await engine.InfillAsync(Request(request), progress: null, cancellationToken);
        InfilledSpan span = result.Spans[0];
        answer.WriteString("text", span.Text);
        answer.WriteNumber("tokens", span.Tokens);
        answer.WriteNumber("forwards", span.Forwards);
        answer.WriteNumber("milliseconds", Math.Round(result.Milliseconds, 3));
        answer.WriteStop(span.Stop);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private InfillRequest Request(JsonFields fields)
    {
        string? prefix = fields.OptionalText("prefix");
        string? suffix = fields.OptionalText("suffix");
        if (prefix is null && suffix is null)
        {
            throw new InvalidInputException("'prefix' and 'suffix' are missing; give the text before the hole, the text after it, or both");
        }
        IReadOnlyList<string> stop = fields.Texts("stop");
        return new InfillRequest
        {
            Text = prefix + suffix,
            Spans = [new TextSpan(prefix?.Length ?? 0, 0)],
            Options = defaults with
            {
                MaxNewTokens = fields.Integer("max_new_tokens", defaults.MaxNewTokens),
                Threshold = fields.OptionalNumber("threshold") ?? defaults.Threshold,
                EntropyBound = fields.OptionalNumber("entropy_bound") ?? defaults.EntropyBound,
                Sampler = SamplerField.Read(fields, defaults.Sampler),
                DeadlineMilliseconds = fields.OptionalNumber("deadline_ms") ?? defaults.DeadlineMilliseconds,
                Temperature = fields.OptionalNumber("temperature") ?? defaults.Temperature,
                Seed = fields.OptionalLong("seed") ?? defaults.Seed,
                StopStrings = stop.Count > 0 ? stop : defaults.StopStrings,
            },
        };
    }
}

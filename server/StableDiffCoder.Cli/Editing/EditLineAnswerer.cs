using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Editing;

/// <summary>Answers lines of <c>edit --jsonl</c>.</summary>
/// <param name="engine">Owned.</param>
/// <param name="defaults">For fields that a line leaves out.</param>
internal sealed class EditLineAnswerer(InfillEngine engine, EditOptions defaults) : IJsonLineAnswerer
{
    /// <inheritdoc/>
    public async Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        EditResult result = await engine.EditAsync(Request(request), progress: null, cancellationToken);
        answer.WriteString("text", result.NewText);
        answer.WriteNumber("tokens", result.Tokens);
        answer.WriteNumber("forwards", result.Forwards);
        answer.WriteNumber("milliseconds", Math.Round(result.Milliseconds, 3));
        answer.WriteStop(result.Stop);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private EditRequest Request(JsonFields fields)
    {
        string code = fields.Text("code");
        string prefix = fields.OptionalText("prefix") ?? "";
        return new EditRequest
        {
            Text = prefix + code + fields.OptionalText("suffix"),
            Span = new TextSpan(prefix.Length, code.Length),
            Instruction = fields.Text("instruction"),
            Options = defaults with
            {
                MaxNewTokens = fields.OptionalInteger("max_new_tokens") ?? defaults.MaxNewTokens,
                Threshold = fields.OptionalNumber("threshold") ?? defaults.Threshold,
                Temperature = fields.OptionalNumber("temperature") ?? defaults.Temperature,
                Seed = fields.OptionalLong("seed") ?? defaults.Seed,
            },
        };
    }
}

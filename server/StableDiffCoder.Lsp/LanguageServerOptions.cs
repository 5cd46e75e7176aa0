using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp;

/// <summary>How the language server behaves. The one source of these defaults.</summary>
public sealed record LanguageServerOptions
{
    /// <value>Most new tokens of an inline completion of one line. Default 32.</value>
    public int InlineLineTokens { get; init; } = 32;

    /// <value>Most new tokens of an inline completion after an opened block. Default 64.</value>
    public int InlineBlockTokens { get; init; } = 64;

    /// <value>
    /// Confidence above which an inline completion reveals several tokens a step (<see cref="InfillOptions.Threshold"/>); null reveals one a
    /// step. Default 0.9.
    /// </value>
    public double? InlineThreshold { get; init; } = 0.9;

    /// <value>Which suggestions are welcome.</value>
    public EditingOptions Editing { get; init; } = new();

    /// <value>Name that the server gives itself. Default "stable-diffcoder".</value>
    public string ServerName { get; init; } = "stable-diffcoder";

    /// <value>How long the end of the process waits for a load or a forward to stop. Default 10 seconds.</value>
    public TimeSpan EngineStopTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Editing.Validate();
        new InfillOptions { MaxNewTokens = InlineLineTokens, Threshold = InlineThreshold }.Validate();
        new InfillOptions { MaxNewTokens = InlineBlockTokens, Threshold = InlineThreshold }.Validate();
    }
}

using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp;

/// <summary>How the language server behaves. The one source of these defaults.</summary>
public sealed record LanguageServerOptions
{
    /// <value>When inline completion speaks, and how much.</value>
    public InlineCompletionOptions InlineCompletion { get; init; } = new();

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
        InlineCompletion.Validate();
    }
}

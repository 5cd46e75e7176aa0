using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp;

/// <summary>How the language server behaves. The one source of these defaults.</summary>
public sealed record LanguageServerOptions
{
    /// <value>When inline completion speaks, and how much.</value>
    public InlineCompletionOptions InlineCompletion { get; init; } = new();

    /// <value>Which suggestions are welcome.</value>
    public EditingOptions Editing { get; init; } = new();

    /// <value>Which model is loaded, and how it behaves.</value>
    public ModelOptions Model { get; init; } = new();

    /// <value>Where and when suggestions are welcome at all.</value>
    public ActivationOptions Activation { get; init; } = new();

    /// <value>How spans and holes are filled.</value>
    public FillOptions Infill { get; init; } = new();

    /// <value>What the model is shown of other files.</value>
    public ContextOptions Context { get; init; } = new();

    /// <value>Files that the model must not see.</value>
    public ExclusionOptions Exclude { get; init; } = new();

    /// <value>What is logged.</value>
    public LogOptions Log { get; init; } = new();

    /// <value>What is counted on this machine.</value>
    public StatisticsOptions Statistics { get; init; } = new();

    /// <value>Name that the server gives itself. Default "stable-diffcoder".</value>
    public string ServerName { get; init; } = "stable-diffcoder";

    /// <value>The folder of the statistics, which holds the log too; null keeps nothing. Default null.</value>
    public string? StateFolder { get; init; }

    /// <value>How often counts are added to those of the machine. Default 1 minute.</value>
    public TimeSpan StatisticsTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <value>How long the end of the process waits for a load or a forward to stop. Default 10 seconds.</value>
    public TimeSpan EngineStopTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>How often a model that could not be loaded is looked at, to see whether it can be now. Default 2 seconds.</value>
    public TimeSpan ModelRetryTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Editing.Validate();
        InlineCompletion.Validate();
        Model.Validate();
        Activation.Validate();
        Infill.Validate();
        Context.Validate();
        Exclude.Validate();
        Log.Validate();
    }
}

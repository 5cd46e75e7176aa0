using Spectre.Console;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Display;

/// <summary>Shows how far the loading of a model is, and removes it when it is loaded.</summary>
internal static class LoadingDisplay
{
    /// <summary>Loads under the display.</summary>
    public static async Task<IInfillEngine> RunAsync(IAnsiConsole ansi, Func<IProgress<ModelLoadProgress>?, Task<IInfillEngine>> load) =>
        await ansi.Status()
            .Spinner(Spinner.Known.Dots)
            .SpinnerStyle(new Style(new Color(175, 135, 255)))
            .StartAsync("Loading the model", context => load(new Report(context)));

    private sealed class Report(StatusContext context) : IProgress<ModelLoadProgress>
    {
        void IProgress<ModelLoadProgress>.Report(ModelLoadProgress value) =>
            context.Status = $"Loading the model: {Markup.Escape(value.Message)}";
    }
}

using System.Diagnostics;

namespace StableDiffCoder.Cli.Display;

/// <summary>Progress on stderr: on a terminal one line that is written over again and again, elsewhere a line now and then.</summary>
internal sealed class ProgressLine<T> : IProgress<T>, IDisposable
{
    private static readonly TimeSpan TerminalPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FilePause = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly CommandConsole console;
    private readonly Func<T, string> describe;
    private readonly Func<T, bool>? always;
    private TimeSpan next = TimeSpan.Zero;
    private bool open;

    /// <param name="console">Where to write.</param>
    /// <param name="describe">One line of text.</param>
    /// <param name="always">Values that get a line of their own where lines stay; null for none.</param>
    public ProgressLine(CommandConsole console, Func<T, string> describe, Func<T, bool>? always = null)
    {
        this.console = console;
        this.describe = describe;
        this.always = always;
    }

    /// <inheritdoc/>
    public void Report(T value)
    {
        lock (gate)
        {
            bool stays = always?.Invoke(value) == true;
            if (!stays && clock.Elapsed < next)
            {
                return;
            }
            next = clock.Elapsed + (console.IsErrorTerminal ? TerminalPause : FilePause);
            if (console.IsErrorTerminal)
            {
                console.Error.Write($"\r{describe(value)}\e[K");
                open = true;
            }
            else
            {
                console.Error.WriteLine(describe(value));
            }
        }
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        if (open)
        {
            console.Error.WriteLine();
        }
    }
}

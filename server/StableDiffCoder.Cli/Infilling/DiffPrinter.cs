namespace StableDiffCoder.Cli.Infilling;

/// <summary>Prints a diff: as it is into a file or pipe, coloured on a terminal.</summary>
internal static class DiffPrinter
{
    private const string Reset = "\e[0m";

    /// <summary>Prints the diff of two texts, nothing when they are equal.</summary>
    public static void Print(CommandConsole console, string path, string oldText, string newText)
    {
        foreach (DiffLine line in UnifiedDiff.Lines(path, oldText, newText))
        {
            console.Output.Write(
                console.IsTerminal ? $"{Colour(line.Kind)}{TerminalText.Printable(line.Text.TrimEnd('\r'))}{Reset}\n" : $"{line.Text}\n"
            );
        }
    }

    private static string Colour(DiffLineKind kind) =>
        kind switch
        {
            DiffLineKind.File => "\e[1m",
            DiffLineKind.Hunk => "\e[36m",
            DiffLineKind.Deleted => "\e[31m",
            DiffLineKind.Inserted => "\e[32m",
            DiffLineKind.Note => "\e[2m",
            _ => "",
        };
}

namespace StableDiffCoder.Cli.Infilling;

/// <summary>A file of which a command replaces spans: read before the model runs, then shown as a diff or as JSON, and perhaps written.</summary>
/// <param name="console">Where to print.</param>
/// <param name="path">As the user wrote it.</param>
/// <param name="json">Print JSON instead of a diff.</param>
/// <param name="write">Write the result.</param>
internal sealed class FileTarget(CommandConsole console, string path, bool json, bool write)
{
    /// <summary>Whether JSON is printed.</summary>
    public bool IsJson => json;

    /// <summary>Reads the file, and makes sure that it can be written if it is to be.</summary>
    /// <exception cref="InvalidInputException">It cannot be read or written, or is not text.</exception>
    public SourceFile Read()
    {
        SourceFile file = SourceFile.Read(path);
        if (write)
        {
            FileFaults.RequireWritable(path);
        }
        return file;
    }

    /// <summary>Replaces the spans, writes and prints.</summary>
    /// <param name="file">What was read.</param>
    /// <param name="reports">One a span, not overlapping, in the order in which JSON shows them.</param>
    /// <param name="model">Who wrote the texts.</param>
    /// <returns>What became of the file, to put behind a line of figures; empty when the diff says it all.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string Finish(SourceFile file, IReadOnlyList<SpanReport> reports, string model)
    {
        IOrderedEnumerable<SpanReport> inOrder = reports.OrderBy(report => report.Span.Start).ThenBy(report => report.Span.Length);
        string newText = file.Replace(inOrder.Select(report => (report.Span, report.Text)));
        bool changed = newText != file.Text;
        if (write && changed)
        {
            file.Write(newText);
        }
        if (json)
        {
            SpanReport.PrintJson(console, file, reports, model);
        }
        else
        {
            DiffPrinter.Print(console, path, file.Text, newText);
        }
        return !changed ? " · no change"
            : write ? $" · written to {path}"
            : "";
    }
}

using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>The C# files of one workspace: a folder of sources, or a file with a document a line as corpora have them.</summary>
public static class SourceWorkspace
{
    private static readonly EnumerationOptions Entries = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>Reads all files, sorted by path.</summary>
    /// <param name="path">The folder or file.</param>
    /// <exception cref="InvalidDataException">A line is not a document.</exception>
    public static IReadOnlyList<CorpusDocument> Read(string path) =>
        [
            .. (Directory.Exists(path) ? ReadFolder(path) : CorpusShard.ReadFile(path)).OrderBy(
                document => document.Path,
                StringComparer.Ordinal
            ),
        ];

    private static IEnumerable<CorpusDocument> ReadFolder(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*.cs", Entries)
        let path = Path.GetRelativePath(folder, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj")
        select new CorpusDocument(path, "original", File.ReadAllText(file).ReplaceLineEndings("\n"));
}

using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Editing;

/// <summary>Finds the cases of tests/fixtures/editing.</summary>
internal static class GoldenFiles
{
    private static readonly Lazy<IReadOnlyDictionary<string, GoldenCase>> Cases = new(Read);

    /// <value>The cases by file and title.</value>
    public static IReadOnlyDictionary<string, GoldenCase> All => Cases.Value;

    private static Dictionary<string, GoldenCase> Read()
    {
        var cases = new Dictionary<string, GoldenCase>();
        foreach (
            string path in Directory.EnumerateFiles(RepositoryFile.Find("tests/fixtures/editing"), "*.txt").Order(StringComparer.Ordinal)
        )
        {
            string[] parts = ("\n" + File.ReadAllText(path).ReplaceLineEndings("\n")).Split("\n=== ");
            foreach (string part in parts.Skip(1))
            {
                // The blank line between two cases belongs to neither.
                GoldenCase golden = GoldenCase.Parse(part.EndsWith('\n') ? part[..^1] : part);
                cases.Add($"{Path.GetFileNameWithoutExtension(path)}: {golden.Title}", golden);
            }
        }
        return cases;
    }
}

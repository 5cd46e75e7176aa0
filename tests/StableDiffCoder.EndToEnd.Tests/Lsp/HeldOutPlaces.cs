using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A cursor in a real file that no model was trained on.</summary>
/// <param name="Before">The text up to the cursor.</param>
/// <param name="Behind">The text behind it, without what belongs between the two.</param>
/// <param name="Answer">What belongs there.</param>
public sealed record HeldOutPlace(string Before, string Behind, string Answer)
{
    /// <summary>The cursor's 0-based line.</summary>
    public int Line => Before.Count(symbol => symbol == '\n');

    /// <summary>Its UTF-16 character.</summary>
    public int Character => Before.Length - 1 - Before.LastIndexOf('\n');

    /// <summary>The first places of tests/fixtures/holes: one line is missing, or what is left of it behind its first word.</summary>
    public static IEnumerable<HeldOutPlace> Read() =>
        File.ReadLines(RepositoryFile.Find("tests/fixtures/holes/csharp-heldout.jsonl"))
            .Select(line => JsonNode.Parse(line)!)
            .Where(hole => (string?)hole["kind"] == "single-line")
            .Select((hole, index) => Place((string)hole["prefix"]!, (string)hole["suffix"]!, (string)hole["answer"]!, index));

    private static HeldOutPlace Place(string prefix, string suffix, string answer, int index)
    {
        int word = answer.IndexOf(' ', StringComparison.Ordinal);
        int typed = index % 2 == 1 && word > 0 ? word + 1 : 0;
        return new HeldOutPlace(prefix + answer[..typed], suffix, answer[typed..]);
    }
}

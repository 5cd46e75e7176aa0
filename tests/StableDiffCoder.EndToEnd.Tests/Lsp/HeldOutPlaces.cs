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
            .SelectMany(excerpt => excerpt["holes"]!.AsArray().Select(hole => (Text: (string)excerpt["text"]!, Hole: hole!)))
            .Where(place => (string?)place.Hole["kind"] == "single-line")
            .Select((place, index) => Place(place.Text, place.Hole, index));

    private static HeldOutPlace Place(string text, JsonNode hole, int index)
    {
        (int start, int end) = ((int)hole["start"]!, (int)hole["end"]!);
        string prefix = text[(int)hole["from"]!..start];
        string suffix = text[end..(int)hole["to"]!];
        string answer = text[start..end];
        int word = answer.IndexOf(' ', StringComparison.Ordinal);
        int typed = index % 2 == 1 && word > 0 ? word + 1 : 0;
        return new HeldOutPlace(prefix + answer[..typed], suffix, answer[typed..]);
    }
}

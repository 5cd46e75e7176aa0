using System.Globalization;
using System.Text;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>Random texts and contentChanges, as JSON in ASCII: every other character is escaped, halves of surrogate pairs included.</summary>
public sealed class RandomEdits(int seed)
{
    private static readonly string[] Pieces =
    [
        "a",
        "bc",
        "\n",
        "\n",
        "\r\n",
        "\r\n",
        "\r",
        "\u0085",
        "\u2028",
        "\u2029",
        "\v",
        "\f",
        "😀",
        "\ud83d",
        "\ude00",
        "e\u0301",
        "\ufeff",
        "\"",
        "\\",
        "\t  ",
    ];

    private readonly Random random = new(seed);

    /// <summary>A text; one in six is empty.</summary>
    public string Text() => Quote(string.Concat(Enumerable.Range(0, random.Next(6) == 0 ? 0 : random.Next(20)).Select(_ => Piece())));

    /// <summary>One to four changes, each for the text that the one before left; one in fifteen is a whole text.</summary>
    public string Changes() => $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Change()))}]";

    private string Change() => random.Next(15) == 0 ? $$"""{"text":{{Text()}}}""" : $$"""{"range":{{Range()}},"text":{{Inserted()}}}""";

    private string Inserted() => Quote(string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Piece())));

    private string Range()
    {
        (string start, int line) = Position(0);
        (string end, _) = Position(random.Next(3) == 0 ? 0 : line);
        return $$"""{"start":{{start}},"end":{{end}}}""";
    }

    private (string Json, int Line) Position(int from)
    {
        int line = random.Next(20) == 0 ? random.Next(-2, 40) : from + random.Next(4);
        string character =
            random.Next(20) == 0
                ? random.Next(4) == 0
                    ? "2147483647"
                    : "-1"
                : Number(random.Next(8));
        return ($$"""{"line":{{Number(line)}},"character":{{character}}}""", line);
    }

    private string Piece() => Pieces[random.Next(Pieces.Length)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text)
    {
        var json = new StringBuilder("\"");
        foreach (char unit in text)
        {
            bool isPlain = unit is >= ' ' and < '\u007f' and not ('"' or '\\');
            json.Append(isPlain ? unit.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"));
        }
        return json.Append('"').ToString();
    }
}

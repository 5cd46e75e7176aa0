using System.Text.RegularExpressions;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Tests.Editing;

/// <summary>One case of tests/fixtures/editing; README.md there tells the format.</summary>
internal sealed partial class GoldenCase
{
    private const char Start = '├';
    private const char End = '┤';
    private const char CursorWithin = '│';

    private readonly Dictionary<string, string> headers;
    private readonly Dictionary<string, string> sections;

    public GoldenCase(string title, Dictionary<string, string> headers, Dictionary<string, string> sections)
    {
        Title = title;
        this.headers = headers;
        this.sections = sections;
        string before = Section("before");
        int start = before.IndexOf(Start, StringComparison.Ordinal);
        int end = before.IndexOf(End, StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"'{title}': before lacks its {Start}{End}");
        string replaced = before[(start + 1)..end];
        int cursor = replaced.IndexOf(CursorWithin, StringComparison.Ordinal);
        replaced = replaced.Replace(CursorWithin.ToString(), "", StringComparison.Ordinal);
        Text = before[..start] + replaced + before[(end + 1)..];
        Context = new EditContext(
            Text,
            Language,
            start + (cursor < 0 ? replaced.Length : cursor),
            new TextSpan(start, replaced.Length),
            new EditingOptions
            {
                InWords = Has("inWords"),
                InStrings = Has("inStrings"),
                InComments = Has("inComments"),
                MinimumCharacters = int.Parse(Value("minimum") ?? "2", System.Globalization.CultureInfo.InvariantCulture),
            }
        )
        {
            Invoked = Has("invoked"),
            Selected = Value("selected"),
        };
    }

    public string Title { get; }

    public string Text { get; }

    public string Language => headers.GetValueOrDefault("language", "csharp");

    public EditContext Context { get; }

    public bool CutShort => Has("cutShort");

    public string ModelText => Decode(sections["model"]);

    public string? After => sections.ContainsKey("after") ? Section("after") : null;

    public string? SilentRule => sections.GetValueOrDefault("silence")?.Trim();

    public string? Shape => headers.GetValueOrDefault("shape");

    public IEnumerable<string> Fires => List("fires").Concat(SilentRule is null ? [] : [SilentRule]).Distinct();

    public IEnumerable<string> Quiet => List("quiet");

    public static GoldenCase Parse(string text)
    {
        string[] lines = text.Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith("---", StringComparison.Ordinal));
        Dictionary<string, string> headers = lines[1..first]
            .Where(line => line.Length > 0)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var sections = new Dictionary<string, string>();
        for (int i = first; i < lines.Length; )
        {
            string[] name = lines[i][4..].Split(' ', 2);
            int next = Array.FindIndex(lines, i + 1, line => line.StartsWith("--- ", StringComparison.Ordinal));
            next = next < 0 ? lines.Length : next;
            sections[name[0]] = name.Length > 1 ? name[1] : string.Join('\n', lines[(i + 1)..next]);
            i = next;
        }
        return new GoldenCase(lines[0], headers, sections);
    }

    // The file's own sections have the file's breaks.
    private string Section(string name) => Has("crlf") ? Decode(sections[name]).ReplaceLineEndings("\r\n") : Decode(sections[name]);

    private string Decode(string text)
    {
        text = text.Replace('→', '\t').Replace('·', ' ');
        return Has("escapes") ? Escape().Replace(text, found => Character(found.Value)) : text;
    }

    private static string Character(string escape) =>
        escape[1] switch
        {
            'r' => "\r",
            'n' => "\n",
            _ => ((char)Convert.ToInt32(escape[2..], 16)).ToString(),
        };

    private bool Has(string option) => List("options").Contains(option);

    private string? Value(string option) =>
        List("options").FirstOrDefault(given => given.StartsWith(option + "=", StringComparison.Ordinal))?[(option.Length + 1)..];

    private string[] List(string header) =>
        headers.TryGetValue(header, out string? list) ? list.Split(',', StringSplitOptions.TrimEntries) : [];

    [GeneratedRegex(@"\\u[0-9A-Fa-f]{4}|\\r|\\n")]
    private static partial Regex Escape();
}

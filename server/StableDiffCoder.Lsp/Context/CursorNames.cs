using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Context;

/// <summary>A name near the cursor.</summary>
/// <param name="Name">The word.</param>
/// <param name="Closeness">1 for what the cursor stands behind, less with the distance in lines.</param>
internal readonly record struct CursorName(string Name, double Closeness);

/// <summary>
/// Finds the names that the code near a cursor uses, and the types of its variables as far as the document itself says them, by words alone:
/// the code is being written, so it need not parse.
/// </summary>
internal static class CursorNames
{
    private const double OnTheLine = 0.8;
    private const double Far = 0.3;
    private const double PerLine = 0.06;

    // Declarations are looked for in this much text before the cursor and behind it.
    private const int LookAround = 100_000;

    /// <summary>The names, each once with its greatest closeness, the closest first.</summary>
    public static IReadOnlyList<CursorName> Of(DocumentSnapshot snapshot, int cursor)
    {
        string text = snapshot.Text;
        TextSpan around = CodeWindows.Around(snapshot, cursor);
        var closeness = new Dictionary<string, double>(StringComparer.Ordinal);
        int line = snapshot.Lines.LineOf(cursor);
        foreach ((int start, int length) in Identifiers.Words(text.AsSpan(around.Start, around.Length)))
        {
            int distance = Math.Abs(snapshot.Lines.LineOf(around.Start + start) - line);
            double near = distance == 0 ? OnTheLine : Math.Max(Far, OnTheLine - 0.1 - (PerLine * distance));
            Raise(closeness, text.Substring(around.Start + start, length), near);
        }
        if (Receiver(text, cursor) is string receiver)
        {
            closeness[receiver] = 1;
        }
        ILookup<string, string> declared = Declarations(text, cursor, closeness);
        foreach ((string name, double near) in closeness.ToArray())
        {
            foreach (string type in declared[name])
            {
                Raise(closeness, type, near);
            }
        }
        return
        [
            .. closeness
                .Where(pair => !char.IsDigit(pair.Key[0]) && !Identifiers.IsCommon(pair.Key))
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new CursorName(pair.Key, pair.Value)),
        ];
    }

    /// <summary>The name before the dot that the cursor's word stands behind; null when there is none.</summary>
    public static string? Receiver(string text, int cursor)
    {
        int at = cursor;
        while (at > 0 && IsWord(text[at - 1]))
        {
            at--;
        }
        if (at == 0 || text[at - 1] != '.')
        {
            return null;
        }
        at--;
        if (at > 0 && text[at - 1] is '?' or '!')
        {
            at--;
        }
        // Behind a call, what is called.
        if (at > 0 && text[at - 1] == ')')
        {
            int depth = 0;
            for (at--; at >= 0; at--)
            {
                depth +=
                    text[at] == ')' ? 1
                    : text[at] == '(' ? -1
                    : 0;
                if (depth == 0)
                {
                    break;
                }
            }
        }
        int end = Math.Max(0, at);
        while (at > 0 && IsWord(text[at - 1]))
        {
            at--;
        }
        return at >= 0 && at < end ? text[at..end] : null;
    }

    // "Type name", "Type<…> name", "Type? name", "Type[] name", and "name = new Type".
    private static ILookup<string, string> Declarations(string text, int cursor, Dictionary<string, double> wanted)
    {
        int from = Math.Max(0, cursor - LookAround);
        ReadOnlySpan<char> part = text.AsSpan(from, Math.Min(text.Length, cursor + LookAround) - from);
        List<(int Start, int Length)> words = Identifiers.Words(part);
        var found = new HashSet<(string Name, string Type)>();
        Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> names = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 1; i < words.Count; i++)
        {
            ReadOnlySpan<char> word = Word(part, words[i]);
            if (names.ContainsKey(word))
            {
                AddTypeBefore(part, words, i, found);
            }
            if (i > 1 && word is not "new" && Word(part, words[i - 1]) is "new" && names.ContainsKey(Word(part, words[i - 2])))
            {
                found.Add((Word(part, words[i - 2]).ToString(), word.ToString()));
            }
        }
        return found.ToLookup(pair => pair.Name, pair => pair.Type);
    }

    private static void AddTypeBefore(ReadOnlySpan<char> text, List<(int Start, int Length)> words, int i, HashSet<(string, string)> found)
    {
        string name = Word(text, words[i]).ToString();
        // At most a few words back: the type and its arguments.
        for (int j = i - 1; j >= Math.Max(0, i - 4); j--)
        {
            int end = words[j].Start + words[j].Length;
            ReadOnlySpan<char> between = text[end..words[i].Start];
            if (!IsTypeTail(between))
            {
                return;
            }
            string type = Word(text, words[j]).ToString();
            if (Identifiers.IsCommon(type))
            {
                return;
            }
            found.Add((name, type));
        }
    }

    // What may stand between a type's name and the variable's: a blank at the end, before it "?", "[]" or type arguments.
    private static bool IsTypeTail(ReadOnlySpan<char> between)
    {
        if (between.Length == 0 || !char.IsWhiteSpace(between[^1]))
        {
            return false;
        }
        foreach (char symbol in between)
        {
            if (!IsWord(symbol) && symbol is not (' ' or '?' or '[' or ']' or '<' or '>' or ',' or '.'))
            {
                return false;
            }
        }
        return true;
    }

    private static ReadOnlySpan<char> Word(ReadOnlySpan<char> text, (int Start, int Length) word) => text.Slice(word.Start, word.Length);

    private static bool IsWord(char symbol) => Editing.Syntax.WordCharacters.IsWord(symbol);

    private static void Raise(Dictionary<string, double> closeness, string name, double near) =>
        closeness[name] = Math.Max(near, closeness.GetValueOrDefault(name));
}

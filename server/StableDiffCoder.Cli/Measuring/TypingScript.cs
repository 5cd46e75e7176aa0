namespace StableDiffCoder.Cli.Measuring;

/// <summary>What a key does.</summary>
public enum KeyKind
{
    /// <summary>A character.</summary>
    Insert,

    /// <summary>The character before the cursor goes.</summary>
    Backspace,

    /// <summary>A line break with the next line's indentation, as editors insert it.</summary>
    Newline,

    /// <summary>The cursor goes elsewhere; the text stays.</summary>
    Move,
}

/// <summary>One key: what it replaces, and where the cursor is afterwards.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Offset">Where the change is.</param>
/// <param name="Removed">Characters that go there.</param>
/// <param name="Text">What comes there.</param>
/// <param name="Cursor">The cursor behind it.</param>
public sealed record Keystroke(KeyKind Kind, int Offset, int Removed, string Text, int Cursor);

/// <summary>A file as somebody types its middle: with a slip now and then that is taken back, and looks elsewhere.</summary>
public sealed class TypingScript
{
    private const int KeysBetweenSlips = 17;
    private const int KeysBetweenMoves = 41;

    private TypingScript(string start, IReadOnlyList<Keystroke> keys)
    {
        Start = start;
        Keys = keys;
    }

    /// <summary>The text before the first key.</summary>
    public string Start { get; }

    /// <summary>All keys, in order.</summary>
    public IReadOnlyList<Keystroke> Keys { get; }

    /// <summary>Takes a stretch out of a text and types it again, so that the text is whole after the last key.</summary>
    /// <param name="text">LF line ends.</param>
    /// <param name="characters">Most characters to type; the stretch begins at the first line behind a third of the text.</param>
    public static TypingScript Of(string text, int characters)
    {
        int from = text.Length == 0 ? 0 : text.IndexOf('\n', text.Length / 3) + 1;
        int end = Math.Min(text.Length, from + Math.Max(0, characters));
        var keys = new List<Keystroke>();
        int at = from;
        int typed = 0;
        while (at < end)
        {
            string piece = Piece(text, at, end);
            typed++;
            if (typed % KeysBetweenSlips == 0 && piece != "\n" && piece.Length == 1)
            {
                keys.Add(new Keystroke(KeyKind.Insert, at, 0, "x", at + 1));
                keys.Add(new Keystroke(KeyKind.Backspace, at, 1, "", at));
            }
            KeyKind kind = piece[0] == '\n' ? KeyKind.Newline : KeyKind.Insert;
            keys.Add(new Keystroke(kind, at, 0, piece, at + piece.Length));
            at += piece.Length;
            if (typed % KeysBetweenMoves == 0)
            {
                keys.Add(new Keystroke(KeyKind.Move, at, 0, "", from));
                keys.Add(new Keystroke(KeyKind.Move, at, 0, "", at));
            }
        }
        return new TypingScript(text[..from] + text[end..], keys);
    }

    /// <summary>The text behind a key.</summary>
    public static string Apply(string text, Keystroke key) =>
        string.Concat(text.AsSpan(0, key.Offset), key.Text, text.AsSpan(key.Offset + key.Removed));

    // A character (both halves of a pair), or a line break with the white space behind it.
    private static string Piece(string text, int at, int end)
    {
        int length = char.IsHighSurrogate(text[at]) && at + 1 < end ? 2 : 1;
        if (text[at] == '\n')
        {
            while (at + length < end && text[at + length] is ' ' or '\t')
            {
                length++;
            }
        }
        return text.Substring(at, length);
    }
}

namespace StableDiffCoder.Lsp.Editing;

/// <summary>Which suggestions are welcome. The one source of these defaults.</summary>
public sealed record EditingOptions
{
    /// <value>Whether to complete in the middle of a word. Default false.</value>
    public bool InWords { get; init; }

    /// <value>Whether to complete inside strings. Default false.</value>
    public bool InStrings { get; init; }

    /// <value>Whether to complete inside comments. Default false.</value>
    public bool InComments { get; init; }

    /// <value>Fewest new characters, white space not counted, that are worth showing unasked, 1 to 100. Default 2.</value>
    public int MinimumCharacters { get; init; } = 2;

    /// <value>
    /// Documents up to this many UTF-16 units are read from their start, so that it is certain what the cursor is in; longer ones from
    /// <see cref="LookBack"/> units before it. Default 1,048,576.
    /// </value>
    public int ExactLength { get; init; } = 1 << 20;

    /// <value>How far a long document is read before the cursor, in UTF-16 units. Default 262,144.</value>
    public int LookBack { get; init; } = 1 << 18;

    /// <value>How far a document is read behind the cursor, in UTF-16 units. Default 131,072.</value>
    public int LookAhead { get; init; } = 1 << 17;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(MinimumCharacters, 1, 100, "minimumCharacters");
        Require(ExactLength, 0, 1 << 26, "exactLength");
        Require(LookBack, 1 << 10, 1 << 26, "lookBack");
        Require(LookAhead, 1 << 10, 1 << 26, "lookAhead");
    }

    private static void Require(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{name} is {value}; use {least} to {most}");
        }
    }
}

using System.Text;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>Reads names as words, and makes the sentence of a documentation comment of them.</summary>
internal static class NameWords
{
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["add"] = "Adds",
        ["append"] = "Appends",
        ["apply"] = "Applies",
        ["begin"] = "Begins",
        ["build"] = "Builds",
        ["calculate"] = "Calculates",
        ["cancel"] = "Cancels",
        ["check"] = "Checks",
        ["clear"] = "Clears",
        ["close"] = "Closes",
        ["compute"] = "Computes",
        ["copy"] = "Copies",
        ["create"] = "Creates",
        ["decode"] = "Decodes",
        ["delete"] = "Deletes",
        ["encode"] = "Encodes",
        ["end"] = "Ends",
        ["ensure"] = "Ensures",
        ["find"] = "Finds",
        ["flush"] = "Flushes",
        ["format"] = "Formats",
        ["get"] = "Gets",
        ["handle"] = "Handles",
        ["initialize"] = "Initializes",
        ["insert"] = "Inserts",
        ["invoke"] = "Invokes",
        ["load"] = "Loads",
        ["make"] = "Makes",
        ["open"] = "Opens",
        ["parse"] = "Parses",
        ["print"] = "Prints",
        ["process"] = "Processes",
        ["read"] = "Reads",
        ["register"] = "Registers",
        ["release"] = "Releases",
        ["remove"] = "Removes",
        ["render"] = "Renders",
        ["replace"] = "Replaces",
        ["reset"] = "Resets",
        ["save"] = "Saves",
        ["send"] = "Sends",
        ["set"] = "Sets",
        ["skip"] = "Skips",
        ["start"] = "Starts",
        ["stop"] = "Stops",
        ["update"] = "Updates",
        ["validate"] = "Validates",
        ["visit"] = "Visits",
        ["write"] = "Writes",
    };

    private static readonly string[] Prepositions =
    [
        "from",
        "to",
        "for",
        "with",
        "by",
        "in",
        "at",
        "of",
        "and",
        "or",
        "as",
        "on",
        "into",
        "if",
    ];

    /// <summary>Words of a name: "HTTPHeaderCount2" is "HTTP header count 2".</summary>
    public static IReadOnlyList<string> Of(string name)
    {
        var words = new List<StringBuilder>();
        for (int i = 0; i < name.Length; i++)
        {
            bool begins =
                i == 0
                || (char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                || (char.IsDigit(name[i]) && !char.IsDigit(name[i - 1]));
            if (name[i] == '_')
            {
                continue;
            }
            if (begins || words.Count == 0 || name[i - 1] == '_')
            {
                words.Add(new StringBuilder());
            }
            words[^1].Append(name[i]);
        }
        // Abbreviations keep their capitals.
        return
        [
            .. words
                .Select(word => word.ToString())
                .Select(word => word.Length > 1 && word.All(char.IsUpper) ? word : word.ToLowerInvariant()),
        ];
    }

    /// <summary>A method's sentence; null when its name begins with no verb that is known here, or says too little.</summary>
    public static string? MethodSentence(string name)
    {
        List<string> words = [.. Of(name)];
        bool isAsync = words.Count > 1 && words[^1] == "async";
        words = isAsync ? words[..^1] : words;
        if (words.Count is < 2 or > 6 || words.Any(word => word.Length == 1))
        {
            return null;
        }
        string rest = string.Join(' ', words[1..]);
        string? sentence =
            words[0] == "try" && words.Count > 2 && Verbs.ContainsKey(words[1]) ? $"Tries to {words[1]} {WithArticle(words[2..])}"
            : words[0] is "is" or "has" or "can" ? $"Returns whether it {words[0]} {rest}"
            : Verbs.TryGetValue(words[0], out string? verb) ? $"{verb} {WithArticle(words[1..])}"
            : null;
        return sentence is null ? null : sentence + (isAsync ? " asynchronously." : ".");
    }

    /// <summary>A property's sentence.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isBoolean">Whether it is a truth value.</param>
    /// <param name="hasSetter">Whether it can be set.</param>
    public static string? PropertySentence(string name, bool isBoolean, bool hasSetter)
    {
        IReadOnlyList<string> words = Of(name);
        string start = hasSetter ? "Gets or sets" : "Gets";
        if (words.Count is < 2 or > 6 || words.Any(word => word.Length == 1))
        {
            return null;
        }
        return isBoolean
            ? (words[0] is "is" or "has" or "can" ? $"{start} whether it {string.Join(' ', words)}." : null)
            : $"{start} the {string.Join(' ', words)}.";
    }

    private static string WithArticle(IReadOnlyList<string> words) =>
        Prepositions.Contains(words[0]) || words[0] is "all" or "next" && words.Count == 1
            ? string.Join(' ', words)
            : $"the {string.Join(' ', words)}";
}

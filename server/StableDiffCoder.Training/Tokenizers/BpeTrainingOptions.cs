namespace StableDiffCoder.Training.Tokenizers;

/// <summary>What a byte-level BPE is trained for. The one source of these defaults.</summary>
public sealed record BpeTrainingOptions
{
    /// <summary>The split pattern of Stable-DiffCoder's tokenizer.json: words with one leading blank or sign, single digits, runs of signs, line ends, blanks.</summary>
    public const string ReportPattern =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\r\n]+|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

    /// <value>Tokens in all: special ones, 256 bytes, merged ones. Default 4096.</value>
    public int VocabularySize { get; init; } = 4096;

    /// <value>Special tokens, with ids from 0 in this order. Default the names of Stable-DiffCoder at its ids, FIM at 7, 8, 9, 16 in all.</value>
    public IReadOnlyList<string> SpecialTokens { get; init; } =
    [
        "<[begin▁of▁sentence]>",
        "<[PAD▁TOKEN]>",
        "<[end▁of▁sentence]>",
        "<[placeholder-3]>",
        "<[placeholder-4]>",
        "<[MASK_TOKEN]>",
        "<[SEP▁TOKEN]>",
        "<[fim-prefix]>",
        "<[fim-suffix]>",
        "<[fim-middle]>",
        "<[placeholder-10]>",
        "<[placeholder-11]>",
        "<[placeholder-12]>",
        "<[placeholder-13]>",
        "<[placeholder-14]>",
        "<[placeholder-15]>",
    ];

    /// <value>Regular expression (tokenizer.json's dialect) whose matches are the chunks that merges stay inside of.</value>
    public string SplitPattern { get; init; } = ReportPattern;

    /// <value>A pair seen fewer times is never merged. Default 2.</value>
    public long MinPairCount { get; init; } = 2;

    /// <summary>Throws when an option is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        int least = SpecialTokens.Count + 256;
        if (VocabularySize < least)
        {
            throw new ArgumentException(
                $"vocabularySize is {VocabularySize}; {SpecialTokens.Count} special tokens and 256 bytes need {least}"
            );
        }
        if (SpecialTokens.Distinct().Count() != SpecialTokens.Count || SpecialTokens.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("specialTokens has an empty or repeated name; give each token its own");
        }
        if (MinPairCount < 1)
        {
            throw new ArgumentException($"minPairCount is {MinPairCount}; use 1 or more");
        }
    }
}

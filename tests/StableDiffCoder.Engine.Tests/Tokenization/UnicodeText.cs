using CsCheck;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>Random texts that are rich in what tokenizers get wrong: white space, contractions, marks, surrogates, control tokens.</summary>
internal static class UnicodeText
{
    private static readonly Gen<string> Fragment = Gen.OneOf(
        Gen.Char['\u0000', '\u007F'].Select(character => character.ToString()),
        Gen.Char.Select(character => character.ToString()),
        Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
        Gen.Int[0x1D400, 0x1D7FF].Select(char.ConvertFromUtf32),
        Gen.Char['\u0300', '\u036F'].Select(character => character.ToString()),
        Gen.Char['\u1100', '\u11FF'].Select(character => character.ToString()),
        Gen.OneOf(" ", "  ", "\t", "\n", "\r\n", "\r", "\u0085", "\u00A0", "\u2028", "\u3000", "\uFEFF", "\u180E", "\uFFFE"),
        Gen.OneOf(
            "'s",
            "'LL",
            "'ſ",
            "don't",
            "e\u0301",
            "A\u030A",
            "\u212B",
            "각",
            "각",
            "日本",
            "𠀀",
            "👍🏽",
            "👩‍👩‍👧",
            "\uD83D",
            "\uDC4D"
        ),
        Gen.OneOf("public ", "int ", "x = 42;", "return", "();", "{\r\n", "    ", "// ", "hello", " hello"),
        Gen.OneOf("<mask>", "<eos>", "<fim>", "<|é|>", "<[MASK_TOKEN]>", "<[fim-prefix]>", "<[end▁of▁sentence]>", "<", "<ma")
    );

    /// <summary>Any text, unpaired surrogates included.</summary>
    public static Gen<string> Any { get; } = Fragment.Array[0, 30].Select(string.Concat);
}

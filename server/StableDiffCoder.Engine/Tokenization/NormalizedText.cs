using System.Globalization;
using System.Text;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>A text in Unicode's normalization form C, with the way back to the text it came from.</summary>
internal sealed class NormalizedText
{
    // Where each boundary of Text lies in the original; null where nothing changed.
    private readonly int[]? originals;

    private NormalizedText(string text, int[]? originals)
    {
        Text = text;
        this.originals = originals;
    }

    /// <summary>The normalized text.</summary>
    public string Text { get; }

    /// <summary>Normalizes well-formed text.</summary>
    public static NormalizedText Of(string original, bool toFormC)
    {
        // Below U+0300 everything is in form C and nothing combines.
        var isFormC = !toFormC || !original.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF');
        var whole = isFormC ? original : FormC(original);
        return new NormalizedText(whole, whole == original ? null : Align(original, whole));
    }

    /// <summary>Checks once, at loading, that this process normalizes at all.</summary>
    /// <param name="path">The file that asks for form C, for the message.</param>
    /// <param name="normalize">The process's own normalization.</param>
    /// <exception cref="ModelLoadException">It does not: .NET under invariant globalization hands text back as it is, without a word.</exception>
    public static void EnsureWorks(string path, Func<string, string> normalize)
    {
        if (normalize("e\u0301") != "\u00E9")
        {
            throw new ModelLoadException(
                path,
                $"{path} asks for Unicode normalization (NFC), which this process does not have: install ICU (libicu) and "
                    + "unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT."
            );
        }
    }

    /// <summary>
    /// The position in the original that a boundary of <see cref="Text"/> stems from. Inside a sequence of characters that were composed
    /// or reordered together it is the start of that sequence.
    /// </summary>
    public int ToOriginal(int boundary) => originals is null ? boundary : originals[boundary];

    /// <summary>Form C, also of text with U+FFFE: .NET refuses this noncharacter, which neither changes nor combines.</summary>
    private static string FormC(string text) =>
        text.Contains('\uFFFE')
            ? string.Join('\uFFFE', text.Split('\uFFFE').Select(static part => part.Normalize(NormalizationForm.FormC)))
            : text.Normalize(NormalizationForm.FormC);

    private static int[] Align(string original, string whole)
    {
        var boundaries = new int[whole.Length + 1];
        var written = 0;
        for (var start = 0; start < original.Length; )
        {
            var end = EndOfSequence(original, start);
            var sequence = original.AsSpan(start, end - start);
            var normalized = sequence.Length == 1 && sequence[0] < '\u0300' ? null : FormC(sequence.ToString());
            var length = normalized?.Length ?? 1;
            if (written + length > whole.Length)
            {
                break;
            }

            var unchanged = normalized is null || sequence.SequenceEqual(normalized);
            for (var i = 0; i < length; i++)
            {
                boundaries[written + i] = unchanged ? start + i : start;
            }

            written += length;
            start = end;
        }

        if (written != whole.Length)
        {
            // Characters newer than the rules below: the text as one sequence is coarse, never wrong.
            Array.Clear(boundaries);
        }

        boundaries[whole.Length] = original.Length;
        return boundaries;
    }

    private static int EndOfSequence(string text, int start)
    {
        var end = start;
        do
        {
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        } while (end < text.Length && CombinesLeftwards(text, end));
        return end;
    }

    /// <summary>
    /// Whether a character can interact with the one before it under form C: marks, the vowels and finals of Hangul, and the one vowel sign
    /// (Kirat Rai) that is a letter. Source: NFC_Quick_Check=Maybe or a nonzero combining class, UAX 15.
    /// </summary>
    private static bool CombinesLeftwards(string text, int index) =>
        text[index] >= '\u0300'
        && (
            CharUnicodeInfo.GetUnicodeCategory(text, index)
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark
            || text[index] is >= '\u1160' and <= '\u11FF'
            || (char.IsSurrogatePair(text, index) && char.ConvertToUtf32(text, index) is >= 0x16D63 and <= 0x16D6A)
        );
}

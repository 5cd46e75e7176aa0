using System.Text;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>Half characters, which an editor can hold and UTF-8 cannot.</summary>
internal static class UnpairedSurrogates
{
    /// <summary>The text with each unpaired surrogate replaced by U+FFFD; no position changes.</summary>
    public static string Replace(string text)
    {
        StringBuilder? replaced = null;
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
                continue;
            }

            replaced ??= new StringBuilder(text);
            replaced[i] = '\uFFFD';
        }

        return replaced?.ToString() ?? text;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace StableDiffCoder.Training.Corpus;

/// <summary>Why a file is not in the corpus.</summary>
public enum DropReason
{
    /// <summary>A test, by its path.</summary>
    Test,

    /// <summary>Written by a tool.</summary>
    Generated,

    /// <summary>Over the size limit.</summary>
    TooLarge,

    /// <summary>Hardly any text.</summary>
    TooSmall,

    /// <summary>Not UTF-8, or binary.</summary>
    NotText,

    /// <summary>A licence that asks for more than attribution (GPL, LGPL).</summary>
    Licence,

    /// <summary>The same text as an earlier file.</summary>
    ExactDuplicate,

    /// <summary>Nearly the same text as an earlier file.</summary>
    NearDuplicate,

    /// <summary>A training file that shares text with a held-out one.</summary>
    Leak,
}

/// <summary>The filters that look at one file alone.</summary>
public static partial class SourceFileFilter
{
    /// <summary>Characters at a file's start in which "auto-generated" and licences are looked for.</summary>
    private const int HeadLength = 4000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Judges a path.</summary>
    /// <param name="relativePath">Path below the source's root, with '/'.</param>
    /// <returns>Null when nothing speaks against the file.</returns>
    public static DropReason? ByPath(string relativePath) =>
        TestPath().IsMatch(relativePath) ? DropReason.Test
        : GeneratedPath().IsMatch(relativePath) ? DropReason.Generated
        : null;

    /// <summary>Reads bytes as UTF-8 without its byte order mark, with LF line ends.</summary>
    /// <returns>Null when the bytes are not UTF-8 text.</returns>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }
        if (bytes.Contains((byte)0))
        {
            return null;
        }
        try
        {
            return StrictUtf8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Judges a text as it was read, licence header included.</summary>
    /// <returns>Null when nothing speaks against the file.</returns>
    public static DropReason? ByText(string text)
    {
        string head = text.Length <= HeadLength ? text : text[..HeadLength];
        return GeneratedText().IsMatch(head) ? DropReason.Generated
            : CopyleftText().IsMatch(head) && !PermissiveText().IsMatch(head) ? DropReason.Licence
            : null;
    }

    [GeneratedRegex(
        @"(^|/)(tests?|unittests?|test-helpers|testdata|testcases|testing|benchmarks?|specs)(/|$)|[._-]tests?(/|$)|(?-i:Tests?)(/|\.\w+$)|[._-]tests?\.\w+$|(^|/)test[-_]?\d*[-_.\w]*\.\w+$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex TestPath();

    [GeneratedRegex(
        @"\.(g|g\.i|designer|generated|min)\.\w+$|\.d\.[cm]?ts$|(^|/)(obj|bin|node_modules|generated)/|(^|/)(AssemblyInfo|SR|Consts|AssemblyRef|ThisAssembly)\.cs$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex GeneratedPath();

    [GeneratedRegex(
        @"auto-?generated|automatically generated|(code|file|class) (was |is )?generated (by|from)|do not (edit|modify) (this file|by hand|directly)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex GeneratedText();

    [GeneratedRegex(@"\bL?GPL|General Public License", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex CopyleftText();

    [GeneratedRegex(@"\bMIT\b|X11|Permission is hereby granted|Apache License|Ms-PL", RegexOptions.CultureInvariant)]
    private static partial Regex PermissiveText();
}

using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>What of a file is still to be written: markers in its code, and in C# the empty bodies of methods.</summary>
internal static class FileHoles
{
    /// <summary>Most holes that are filled at a time.</summary>
    private const int Most = 32;

    /// <summary>Finds the holes, in the order of the file.</summary>
    /// <param name="snapshot">The file.</param>
    /// <param name="marker">What marks a hole; such in comments and strings are not meant.</param>
    public static IReadOnlyList<TextSpan> Of(DocumentSnapshot snapshot, string marker)
    {
        IEnumerable<TextSpan> bodies = CSharpText.Of(snapshot) is CSharpText code ? MemberHoles.EmptyBodies(code) : [];
        return [.. Markers(snapshot, marker).Take(Most).Concat(bodies).OrderBy(hole => hole.Start).Take(Most)];
    }

    private static IEnumerable<TextSpan> Markers(DocumentSnapshot snapshot, string marker)
    {
        string text = snapshot.Text;
        for (int at = 0; (at = text.IndexOf(marker, at, StringComparison.Ordinal)) >= 0; at += marker.Length)
        {
            Surroundings place = new EditContext(text, snapshot.LanguageId, at).Surroundings;
            if (!place.Before.IsComment && !place.Before.IsString)
            {
                yield return new TextSpan(at, marker.Length);
            }
        }
    }
}

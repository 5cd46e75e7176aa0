using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Evaluation.Edits;

/// <summary>
/// Whether edited C# parses. Samples hold a piece of a file, so it is parsed in surroundings in which the right answer parses: as a file, as
/// members of a class, as statements of a method, as accessors of a property.
/// </summary>
public static class EditSyntax
{
    private static readonly (string Before, string Behind)[] Surroundings =
    [
        ("", ""),
        ("class C\n{\n", "\n}\n"),
        ("class C\n{\nasync void M()\n{\n", "\n}\n}\n"),
        ("class C\n{\nobject P\n{\n", "\n}\n}\n"),
    ];

    /// <summary>Parses an answer.</summary>
    /// <param name="sample">Knows the right answer.</param>
    /// <param name="text">The answer.</param>
    /// <returns>Null when not even the right answer parses, as with another language.</returns>
    public static bool? Parses(EditSample sample, string text)
    {
        (string Before, string Behind)[] right =
        [
            .. Surroundings.Where(around => EditSource.Parses(around.Before + sample.After + around.Behind)),
        ];
        return right.Length == 0 ? null : right.Any(around => EditSource.Parses(around.Before + text + around.Behind));
    }
}

using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Settings;

/// <summary>How spans and holes are filled. The one source of these defaults.</summary>
public sealed record FillOptions
{
    private const int LongestMarker = 64;

    /// <value>What marks a hole in code, 1 to 64 characters on one line. Default "???".</value>
    public string HoleMarker { get; init; } = "???";

    /// <value>
    /// How often a fill of C# that breaks the syntax of its document is masked again near the error and denoised anew, 0 to 8. Default 1.
    /// </value>
    public int RepairRounds { get; init; } = 1;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(HoleMarker) || HoleMarker.Length > LongestMarker || HoleMarker.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException(
                $"holeMarker is blank, has several lines or more than {LongestMarker} characters; use something like ???"
            );
        }
        if (RepairRounds is < 0 or > FillRepair.MostRounds)
        {
            throw new ArgumentException($"repairRounds is {RepairRounds}; use 0 to {FillRepair.MostRounds}");
        }
    }
}

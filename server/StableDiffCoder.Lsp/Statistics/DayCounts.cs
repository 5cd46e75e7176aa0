using System.Text.Json.Serialization;

namespace StableDiffCoder.Lsp.Statistics;

/// <summary>What became of the suggestions of one day. Numbers and names of rules only: nothing of what was written.</summary>
public sealed record DayCounts
{
    /// <value>The day, in local time.</value>
    public required DateOnly Date { get; init; }

    /// <value>Answers with suggestions.</value>
    public int Offered { get; init; }

    /// <value>Of these, those whose command the client ran.</value>
    public int AcceptedByCommand { get; init; }

    /// <value>Of these, those whose whole text came into the document: typed, or taken by a client that runs no commands.</value>
    public int AcceptedByText { get; init; }

    /// <value>Of these, those from which the document diverged.</value>
    public int Abandoned { get; init; }

    /// <value>Requests that were answered with nothing, by the name of the rule.</value>
    public IReadOnlyDictionary<string, int> Silenced { get; init; } = new Dictionary<string, int>();

    /// <summary>The sum of two.</summary>
    public DayCounts Plus(DayCounts other) =>
        this with
        {
            Offered = Offered + other.Offered,
            AcceptedByCommand = AcceptedByCommand + other.AcceptedByCommand,
            AcceptedByText = AcceptedByText + other.AcceptedByText,
            Abandoned = Abandoned + other.Abandoned,
            Silenced = Silenced
                .Concat(other.Silenced)
                .GroupBy(rule => rule.Key, rule => rule.Value, StringComparer.Ordinal)
                .ToDictionary(rule => rule.Key, rule => rule.Sum(), StringComparer.Ordinal),
        };
}

/// <summary>How the file of statistics is spelled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<DayCounts>))]
internal sealed partial class StatisticsJson : JsonSerializerContext;

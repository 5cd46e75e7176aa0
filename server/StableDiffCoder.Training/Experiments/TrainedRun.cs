using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>A finished run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its folder: config.json, metrics.jsonl, model/.</param>
/// <param name="Config">What was trained.</param>
/// <param name="Metrics">One entry an update.</param>
public sealed record TrainedRun(string Name, string Folder, TrainingConfig Config, IReadOnlyList<TrainingMetrics> Metrics)
{
    /// <summary>The model.</summary>
    public string Model => Path.Combine(Folder, "model");

    /// <summary>Tokens trained on.</summary>
    public long Tokens => Metrics[^1].Tokens;

    /// <summary>Validation loss at the end: NLL (ar) or NELBO (cpt), nats a token.</summary>
    public double ValidationLoss => Metrics.Last(metrics => metrics.ValidationLoss is not null).ValidationLoss!.Value;

    /// <summary>Time of all updates.</summary>
    public double Seconds => Metrics.Sum(metrics => Config.TokensPerUpdate / metrics.TokensPerSecond);

    /// <summary>Whether a run came to its end: its checkpoints are gone and its model is there.</summary>
    internal static bool IsFinished(string folder) =>
        File.Exists(Path.Combine(folder, "model", "tokenizer.json")) && !Directory.Exists(Path.Combine(folder, "checkpoints"));

    internal static TrainedRun Read(string name, string folder, TrainingConfig config) =>
        new(name, folder, config, MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")));
}

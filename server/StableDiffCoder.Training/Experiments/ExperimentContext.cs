using System.Text.Json;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>What an experiment needs: scale, data, and the runs and measurements that are already made.</summary>
public sealed class ExperimentContext
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private readonly OrderedDictionary<string, TrainedRun> runs = [];

    /// <value>How large.</value>
    public required ExperimentScale Scale { get; init; }

    /// <value>Folder of all experiments: runs are shared between them.</value>
    public required string OutDirectory { get; init; }

    /// <value>Opens the corpus, for the experiments that need it.</value>
    public required Func<ExperimentData> OpenData { get; init; }

    /// <value>"bfloat16" or "float32". Default bfloat16.</value>
    public string Dtype { get; init; } = "bfloat16";

    /// <value>"cpu" or "cuda". Default cpu.</value>
    public string Device { get; init; } = "cpu";

    /// <value>Threads of an operator; null is libtorch's choice. Default null.</value>
    public int? Threads { get; init; }

    /// <value>Told what runs; null when nobody looks. Default null.</value>
    public IProgress<string>? Progress { get; init; }

    /// <value>Checked between updates and holes; what was made stays made.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The corpus.</summary>
    /// <exception cref="TrainingException">A part of it is missing.</exception>
    public ExperimentData Data => field ??= OpenData();

    /// <summary>Runs used so far, finished now or earlier.</summary>
    public IReadOnlyCollection<TrainedRun> Runs => runs.Values;

    /// <summary>Full or tiny, whichever the scale is.</summary>
    public T Sized<T>(T full, T tiny) => Scale == ExperimentScale.Full ? full : tiny;

    /// <summary>Trains, unless it was done before: a finished run is read, an interrupted one goes on.</summary>
    /// <param name="name">Names the run among all experiments.</param>
    /// <param name="config">What to train; its folder is set here.</param>
    /// <exception cref="TrainingException">A run of that name has another config, or training failed.</exception>
    public TrainedRun Train(string name, TrainingConfig config)
    {
        string folder = Path.Combine(Path.GetFullPath(OutDirectory), "runs", name);
        TrainingConfig own = config with { Out = folder, Dtype = Dtype, Device = Device };
        own.Validate(name);
        string configFile = Path.Combine(folder, "config.json");
        string json = own.ToJson();
        if (File.Exists(configFile) && File.ReadAllText(configFile) != json)
        {
            throw new TrainingException(
                $"{folder} holds a run with another config; delete that folder to make it anew, or choose another --out."
            );
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(configFile, json);
        if (!TrainedRun.IsFinished(folder))
        {
            string checkpoints = Path.Combine(folder, "checkpoints");
            new TrainingRun(own, new Told(name, Progress)).Run(resume: true, CancellationToken);
            // The model and the metrics are what is compared. Gone at once: half of them would look like a run to go on with.
            string gone = checkpoints + ".gone";
            Directory.Move(checkpoints, gone);
            Directory.Delete(gone, recursive: true);
        }
        if (!runs.TryGetValue(name, out TrainedRun? run))
        {
            run = TrainedRun.Read(name, folder, own);
            runs.Add(name, run);
        }
        return run;
    }

    /// <summary>Measures, unless it was done before.</summary>
    /// <param name="run">What is measured; the result lies beside it.</param>
    /// <param name="name">Names the measurement, with whatever it depends on.</param>
    /// <param name="measure">Measures.</param>
    public T Once<T>(TrainedRun run, string name, Func<T> measure)
    {
        string file = Path.Combine(run.Folder, $"{name}.json");
        if (File.Exists(file))
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), Json)
                ?? throw new TrainingException($"{file} is empty; delete it to measure anew.");
        }
        Progress?.Report($"{run.Name}: {name}");
        T result = measure();
        string partial = file + ".partial";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(result, Json));
        File.Move(partial, file, overwrite: true);
        return result;
    }

    private sealed class Told(string name, IProgress<string>? progress) : IProgress<TrainingMetrics>
    {
        public void Report(TrainingMetrics value) =>
            progress?.Report(
                FormattableString.Invariant(
                    $"{name}: {value.Stage} {value.Update}/{value.Updates} · loss {value.Loss:0.000} · norm {value.GradientNorm:0.00} · {value.TokensPerSecond:0} tokens/s · {TimeSpan.FromSeconds(Math.Round(value.SecondsLeft ?? 0)):c} left"
                )
            );
    }
}

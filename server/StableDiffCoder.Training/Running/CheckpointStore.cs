using System.Globalization;
using System.Text.Json;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Optimization;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Running;

/// <summary>Where a run is: everything but the tensors. Data and noise are functions of it, so no generator state is stored.</summary>
/// <param name="Stage">Index of the stage.</param>
/// <param name="Update">Updates of that stage already made.</param>
/// <param name="OptimizerSteps">Updates of the whole run already made.</param>
/// <param name="TokensSeen">Tokens of the whole run already trained on.</param>
/// <param name="ValidationLoss">The validation loss there, of the stage that ends or goes on there; null where none was measured.</param>
/// <param name="ValidatedStage">The stage of that loss: losses of different stages are not compared.</param>
public sealed record TrainingPosition(
    int Stage,
    int Update,
    long OptimizerSteps,
    long TokensSeen,
    double? ValidationLoss = null,
    int ValidatedStage = 0
);

/// <summary>
/// Checkpoints of a run, one folder each: <c>position.json</c> and <c>state.safetensors</c> (masters and moments, float32). A folder is
/// written under a temporary name and renamed when whole, and renamed before it is dropped, so a killed run leaves whole ones only. Kept are the newest ones and the best:
/// the lowest validation loss of the latest stage that has one.
/// </summary>
/// <param name="directory">The folder that holds the checkpoints.</param>
/// <param name="keep">How many of the newest are kept.</param>
public sealed class CheckpointStore(string directory, int keep)
{
    private const string Prefix = "update-";
    private const string Partial = ".partial";
    private const string Replaced = ".replaced";
    private const string Dropped = ".dropped";

    /// <summary>Writes a checkpoint and drops those not to be kept.</summary>
    /// <exception cref="TrainingException">The disk is full or not writable; earlier checkpoints are intact.</exception>
    public void Write(TrainingPosition position, MasterWeightOptimizer optimizer)
    {
        string final = Path.Combine(directory, $"{Prefix}{position.OptimizerSteps:D8}");
        string partial = final + Partial;
        try
        {
            Directory.CreateDirectory(directory);
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
            Directory.CreateDirectory(partial);
            SafetensorsWriter.Write(
                Path.Combine(partial, "state.safetensors"),
                [.. optimizer.Tensors.Select(entry => (entry.Key, entry.Value))]
            );
            File.WriteAllText(Path.Combine(partial, "position.json"), JsonSerializer.Serialize(position));
            Replace(final, partial);
        }
        // .NET's answer to a file larger than its file system or its limit allows is ArgumentOutOfRangeException.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            Forget(partial);
            throw new TrainingException(
                $"Checkpoint {final} was not written: {error.Message} Free space and resume; earlier checkpoints are intact.",
                error
            );
        }
        string? best = Best()?.Folder;
        foreach (string old in Folders().SkipLast(keep).Where(folder => folder != best))
        {
            Drop(old);
        }
    }

    /// <summary>The checkpoint with the lowest validation loss of the latest stage that has one; null when none was validated.</summary>
    /// <exception cref="TrainingException">A checkpoint is damaged.</exception>
    public (string Folder, TrainingPosition Position)? Best()
    {
        (string Folder, TrainingPosition Position)[] validated =
        [
            .. Folders().Select(folder => (folder, ReadPosition(folder))).Where(entry => entry.Item2.ValidationLoss is not null),
        ];
        return validated.Length == 0
            ? null
            : validated.OrderByDescending(entry => entry.Position.ValidatedStage).ThenBy(entry => entry.Position.ValidationLoss).First();
    }

    private static TrainingPosition ReadPosition(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingPosition>(File.ReadAllBytes(Path.Combine(folder, "position.json")))
                ?? throw new JsonException("position.json is null");
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw Damaged(folder, error);
        }
    }

    private static TrainingException Damaged(string folder, Exception error) =>
        new($"{folder} cannot be resumed: {error.Message} Delete that folder to resume from the one before it.", error);

    // A process killed between the two moves leaves the replaced one, which is put back when the folders are next looked through.
    private static void Replace(string final, string partial)
    {
        if (Directory.Exists(final))
        {
            Directory.Move(final, final + Replaced);
        }
        Directory.Move(partial, final);
        if (Directory.Exists(final + Replaced))
        {
            Directory.Delete(final + Replaced, recursive: true);
        }
    }

    // Under another name first: a process killed between two files would leave half a checkpoint, and the next run would not get past it.
    private static void Drop(string folder)
    {
        Forget(folder + Dropped);
        Directory.Move(folder, folder + Dropped);
        Forget(folder + Dropped);
    }

    private void PutBack()
    {
        foreach (string half in Directory.Exists(directory) ? Directory.GetDirectories(directory, Prefix + "*") : [])
        {
            if (half.EndsWith(Dropped, StringComparison.Ordinal) || half.EndsWith(Partial, StringComparison.Ordinal))
            {
                Forget(half);
            }
        }
        foreach (string replaced in Directory.Exists(directory) ? Directory.GetDirectories(directory, Prefix + "*" + Replaced) : [])
        {
            string final = replaced[..^Replaced.Length];
            if (Directory.Exists(final))
            {
                Directory.Delete(replaced, recursive: true);
            }
            else
            {
                Directory.Move(replaced, final);
            }
        }
    }

    // Half a checkpoint only takes space; when it cannot be deleted either, the next run tries again.
    private static void Forget(string partial)
    {
        try
        {
            Directory.Delete(partial, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Loads the newest checkpoint into an optimizer.</summary>
    /// <returns>Where the run was; null when there is no checkpoint.</returns>
    /// <exception cref="TrainingException">The checkpoint is not of this model, or damaged.</exception>
    public TrainingPosition? ReadNewest(MasterWeightOptimizer optimizer)
    {
        PutBack();
        return Newest is string newest ? Read(newest, optimizer) : null;
    }

    /// <summary>The newest checkpoint's folder; null when there is none.</summary>
    public string? Newest => Folders().LastOrDefault();

    /// <summary>Loads a checkpoint into an optimizer.</summary>
    /// <exception cref="TrainingException">The checkpoint is not of this model, or damaged.</exception>
    public static TrainingPosition Read(string folder, MasterWeightOptimizer optimizer)
    {
        TrainingPosition position = ReadPosition(folder);
        try
        {
            Fill(Path.Combine(folder, "state.safetensors"), optimizer.Tensors);
        }
        catch (Exception error) when (error is IOException or ModelLoadException)
        {
            throw Damaged(folder, error);
        }
        optimizer.Resumed(position.OptimizerSteps);
        return position;
    }

    private static void Fill(string path, IReadOnlyDictionary<string, Tensor> destination)
    {
        using var noGrad = no_grad();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach ((string name, Tensor tensor) in destination)
        {
            using Tensor stored = file.Read(name);
            if (!stored.shape.SequenceEqual(tensor.shape))
            {
                throw new TrainingException(
                    $"{path}: '{name}' has another shape than the config's model; resume with the config that wrote it."
                );
            }
            tensor.copy_(stored);
        }
    }

    private IEnumerable<string> Folders() =>
        Directory.Exists(directory)
            ? Directory
                .EnumerateDirectories(directory, Prefix + "*")
                .Where(folder =>
                    int.TryParse(Path.GetFileName(folder)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                )
                .Order(StringComparer.Ordinal)
            : [];
}

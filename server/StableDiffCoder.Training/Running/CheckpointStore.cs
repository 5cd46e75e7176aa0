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
public sealed record TrainingPosition(int Stage, int Update, long OptimizerSteps, long TokensSeen);

/// <summary>
/// Checkpoints of a run, one folder each: <c>position.json</c> and <c>state.safetensors</c> (masters and moments, float32). A folder is
/// written under a temporary name and renamed when whole, so a killed run leaves the last good one.
/// </summary>
/// <param name="directory">The folder that holds the checkpoints.</param>
/// <param name="keep">How many of the newest are kept.</param>
public sealed class CheckpointStore(string directory, int keep)
{
    private const string Prefix = "update-";

    /// <summary>Writes a checkpoint and drops the oldest beyond the number kept.</summary>
    /// <exception cref="TrainingException">The disk is full or not writable; earlier checkpoints are intact.</exception>
    public void Write(TrainingPosition position, MasterWeightAdamW optimizer)
    {
        string final = Path.Combine(directory, $"{Prefix}{position.OptimizerSteps:D8}");
        string partial = final + ".partial";
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
            if (Directory.Exists(final))
            {
                Directory.Delete(final, recursive: true);
            }
            Directory.Move(partial, final);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                $"Checkpoint {final} was not written: {error.Message} Free space and resume; earlier checkpoints are intact.",
                error
            );
        }
        foreach (string old in Folders().SkipLast(keep))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Loads the newest checkpoint into an optimizer.</summary>
    /// <returns>Where the run was; null when there is no checkpoint.</returns>
    /// <exception cref="TrainingException">The checkpoint is not of this model, or damaged.</exception>
    public TrainingPosition? ReadNewest(MasterWeightAdamW optimizer)
    {
        string? newest = Folders().LastOrDefault();
        if (newest is null)
        {
            return null;
        }
        try
        {
            TrainingPosition position = JsonSerializer.Deserialize<TrainingPosition>(
                File.ReadAllBytes(Path.Combine(newest, "position.json"))
            )!;
            Fill(Path.Combine(newest, "state.safetensors"), optimizer.Tensors);
            optimizer.Resumed(position.OptimizerSteps);
            return position;
        }
        catch (Exception error) when (error is IOException or JsonException or ModelLoadException)
        {
            throw new TrainingException(
                $"{newest} cannot be resumed: {error.Message} Delete that folder to resume from the one before it.",
                error
            );
        }
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

using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Weights;

/// <summary>
/// A Hugging Face model folder: config.json, tokenizer.json and safetensors weights. Opening it reads the config and the headers of the
/// weight files, so that everything but the weights themselves is known to fit before memory is spent on a model.
/// </summary>
public sealed class ModelDirectory
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    private ModelDirectory(string path, ModelConfig config, string tokenizerPath, IReadOnlyList<string> weightFiles)
    {
        Path = path;
        Config = config;
        TokenizerPath = tokenizerPath;
        WeightFiles = weightFiles;
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Last part of the path, as shown to users.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The shape of the model.</summary>
    public ModelConfig Config { get; }

    /// <summary>Number of weights; a tied head counts once.</summary>
    public long ParameterCount => CheckpointLayout.Of(Config).Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>Path of tokenizer.json, which exists.</summary>
    public string TokenizerPath { get; }

    /// <summary>Full paths of the weight files, in ordinal order; no tensor is in two of them.</summary>
    public IReadOnlyList<string> WeightFiles { get; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelLoadException">The folder or a file of it is missing or wrong; the message names it and the fix.</exception>
    public static ModelDirectory Open(string path)
    {
        string folder = FullPath(path);
        if (!Directory.Exists(folder))
        {
            string fault = File.Exists(folder) ? "is a file, not a model folder" : "does not exist";
            throw new ModelLoadException(
                folder,
                $"{folder} {fault}; give --model a folder with config.json, tokenizer.json and model.safetensors."
            );
        }
        ModelConfig config = ModelConfig.Read(System.IO.Path.Combine(folder, "config.json"));
        string tokenizer = System.IO.Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(tokenizer))
        {
            throw new ModelLoadException(tokenizer, $"{tokenizer} is missing; download it again or check --model.");
        }
        Dictionary<string, SafetensorsEntry> entries = [];
        string index = System.IO.Path.Combine(folder, IndexFile);
        List<string> files = File.Exists(index) ? ReadShards(folder, index, entries) : [ReadSingle(folder, entries)];
        CheckpointCheck.Run(folder, CheckpointLayout.Stored(config), entries, config.TieWordEmbeddings);
        return new ModelDirectory(folder, config, tokenizer, files);
    }

    private static string FullPath(string path)
    {
        try
        {
            return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new ModelLoadException(path, $"'{path}' is not a path: {error.Message} Check --model.", error);
        }
    }

    private static string ReadSingle(string folder, Dictionary<string, SafetensorsEntry> entries)
    {
        string file = System.IO.Path.Combine(folder, SingleFile);
        if (!File.Exists(file) && !Directory.Exists(file))
        {
            throw NoWeights(folder, file);
        }
        foreach ((string name, SafetensorsEntry entry) in SafetensorsHeader.Read(file).Entries)
        {
            entries.Add(name, entry);
        }
        return file;
    }

    private static ModelLoadException NoWeights(string folder, string file)
    {
        string? pickle = Directory
            .EnumerateFiles(folder)
            .Select(System.IO.Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(name => System.IO.Path.GetExtension(name) is ".bin" or ".pt" or ".pth" or ".ckpt");
        return pickle is null
            ? new ModelLoadException(file, $"{folder} has neither {SingleFile} nor {IndexFile}; download the weights or check --model.")
            : new ModelLoadException(
                file,
                $"{folder} has its weights as {pickle} only. Pickled weights are never opened, because they can run code; "
                    + "get the checkpoint as safetensors or convert it."
            );
    }

    private static List<string> ReadShards(string folder, string index, Dictionary<string, SafetensorsEntry> entries)
    {
        Dictionary<string, string> shardOf = WeightIndex.Read(index);
        var files = new List<string>();
        foreach (string shard in shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string file = System.IO.Path.Combine(folder, shard);
            if (!File.Exists(file))
            {
                throw new ModelLoadException(file, $"{file} is missing, and {IndexFile} asks for it; download it again.");
            }
            foreach ((string name, SafetensorsEntry entry) in SafetensorsHeader.Read(file).Entries)
            {
                if (!shardOf.TryGetValue(name, out string? listed) || listed != shard)
                {
                    string place = listed is null ? "does not list it" : $"places it in {SafetensorsHeader.Quote(listed)}";
                    throw new ModelLoadException(
                        index,
                        $"{file} holds {SafetensorsHeader.Quote(name)} and {IndexFile} {place}; download the folder again."
                    )
                    {
                        UnexpectedNames = [name],
                    };
                }
                entries.Add(name, entry);
            }
            files.Add(file);
        }
        List<string> absent = [.. shardOf.Keys.Where(name => !entries.ContainsKey(name)).Order(StringComparer.Ordinal)];
        if (absent.Count > 0)
        {
            string first = SafetensorsHeader.Quote(absent[0]);
            string shard = SafetensorsHeader.Quote(shardOf[absent[0]]);
            throw new ModelLoadException(index, $"{index} places {first} in {shard}, which lacks it; download the folder again.")
            {
                MissingNames = absent,
            };
        }
        return files;
    }
}

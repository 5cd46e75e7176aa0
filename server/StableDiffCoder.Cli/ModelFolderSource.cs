using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Cli;

/// <summary>Model folders for the language server: the one that its settings name, else the command line's.</summary>
public sealed class ModelFolderSource(ParseResult parsed, GlobalOptions options) : IModelSource
{
    /// <inheritdoc/>
    public ModelSighting Look(ModelOptions model)
    {
        try
        {
            string folder = Folder(model);
            IEnumerable<string> files = new DirectoryInfo(folder)
                .EnumerateFiles()
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
            string fingerprint = string.Join('\n', files.Prepend(folder));
            return new ModelSighting(fingerprint, ModelMemory.NeededBytes(folder, LoadOptions(model)));
        }
        catch (Exception exception) when (exception is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            return new ModelSighting(exception.Message, null);
        }
    }

    /// <inheritdoc/>
    public async Task<IInfillEngine> LoadAsync(
        ModelOptions model,
        IProgress<ModelLoadProgress> progress,
        CancellationToken cancellationToken
    ) => await InfillEngine.LoadAsync(Folder(model), LoadOptions(model), progress, cancellationToken);

    private string Folder(ModelOptions model) => ModelLocation.Resolve(model.Path ?? parsed.GetValue(options.Model));

    private ModelLoadOptions LoadOptions(ModelOptions model) =>
        ModelSession.LoadOptions(parsed, options) with
        {
            Device = model.Device,
            DataType = model.DataType ?? options.DataTypeOf(parsed),
            Threads = model.Threads ?? parsed.GetValue(options.Threads) ?? Math.Max(1, Environment.ProcessorCount - 1),
            LowPriority = model.LowPriority,
            PrefixCacheMegabytes = parsed.GetValue(options.PrefixCache) ?? model.PrefixCacheMegabytes,
        };
}

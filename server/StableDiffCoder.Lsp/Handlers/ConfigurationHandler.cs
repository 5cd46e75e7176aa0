using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>
/// Settings of the client: those of initialize, those that it pushes by <c>workspace/didChangeConfiguration</c>, and, where the client can
/// be asked, those that it answers to <c>workspace/configuration</c>.
/// </summary>
internal sealed class ConfigurationHandler(LspRpc rpc, Session session, CurrentSettings settings, ClientWindow window, ILogger logger)
{
    /// <summary>How long the model waits for settings that were asked for: they may name another.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HashSet<string> told = [];
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int pulls;

    /// <summary>Ends when the first settings are known, or will not come soon.</summary>
    public async Task FirstSettingsAsync(CancellationToken cancellationToken)
    {
        if (session.AnswersConfiguration)
        {
            await Task.WhenAny(first.Task, Task.Delay(Patience, cancellationToken));
        }
    }

    /// <summary>Takes the settings of initialize, which are those of the section itself.</summary>
    public void Begin(InitializeParams parameters) => Apply(parameters.InitializationOptions);

    /// <summary>Asks for the settings, and to be told when they change.</summary>
    public void Start() => _ = StartAsync();

    /// <summary>Takes settings that were pushed, or asks for them.</summary>
    public void DidChange(DidChangeConfigurationParams parameters)
    {
        if (session.AnswersConfiguration)
        {
            _ = PullAsync();
        }
        else if (parameters.Settings is { ValueKind: JsonValueKind.Object } all)
        {
            Apply(all.TryGetProperty(SettingsReader.Section, out JsonElement section) ? section : null);
        }
    }

    private async Task StartAsync()
    {
        if (session.RegistersConfiguration)
        {
            var registration = new RegistrationParams
            {
                Registrations = [new Registration { Id = "configuration", Method = LspMethods.DidChangeConfiguration }],
            };
            await AskAsync(LspMethods.RegisterCapability, registration, LspJson.Default.RegistrationParams);
        }
        if (session.AnswersConfiguration)
        {
            await PullAsync();
        }
        first.TrySetResult();
    }

    private async Task PullAsync()
    {
        int number = Interlocked.Increment(ref pulls);
        var asked = new ConfigurationParams { Items = [new ConfigurationItem { Section = SettingsReader.Section }] };
        JsonElement answer = await AskAsync(LspMethods.Configuration, asked, LspJson.Default.ConfigurationParams);
        // A newer question is under way, and its answer is the one that counts.
        bool isAnswer =
            answer.ValueKind == JsonValueKind.Array && answer.GetArrayLength() == 1 && answer[0].ValueKind != JsonValueKind.Null;
        if (isAnswer && number == Volatile.Read(ref pulls))
        {
            Apply(answer[0]);
        }
    }

    private async Task<JsonElement> AskAsync<T>(string method, T parameters, JsonTypeInfo<T> type)
    {
        try
        {
            return await rpc.RequestAsync(method, parameters, type, CancellationToken.None);
        }
        catch (Exception exception)
            when (exception is RemoteRpcException or ObjectDisposedException or IOException or OperationCanceledException or JsonException)
        {
            Log.ConfigurationFailed(logger, method, exception);
            return default;
        }
    }

    private void Apply(JsonElement? section)
    {
        (LanguageServerOptions options, IReadOnlyList<string> warnings) = SettingsReader.Read(section, settings.Initial);
        settings.Replace(options);
        foreach (string warning in warnings)
        {
            bool isNew;
            lock (told)
            {
                isNew = told.Add(warning);
            }
            if (isNew)
            {
                Log.WrongSetting(logger, warning);
                window.Warn(warning);
            }
        }
    }
}

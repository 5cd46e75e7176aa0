using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Requests;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>initialize, initialized, shutdown. Their order is <see cref="SessionGate"/>'s business, exit the transport's.</summary>
internal sealed class LifecycleHandler(
    Session session,
    ConfigurationHandler configuration,
    RequestTrace trace,
    LanguageServerOptions options,
    ILogger logger
)
{
    /// <summary>Answers at once; the model is loaded afterwards.</summary>
    public InitializeResult Initialize(InitializeParams parameters)
    {
        Log.Connected(logger, parameters.ClientInfo?.Name ?? "a client", parameters.ClientInfo?.Version ?? "(no version)");
        session.Begin(parameters);
        configuration.Begin(parameters);
        trace.Set(parameters.Trace);
        string? version = typeof(LifecycleHandler).Assembly.GetName().Version?.ToString(3);
        return new InitializeResult
        {
            Capabilities = new ServerCapabilities(),
            ServerInfo = new PeerInfo { Name = options.ServerName, Version = version },
        };
    }

    /// <summary>From now on the server may send requests of its own.</summary>
    public void Initialized()
    {
        session.MarkInitialized();
        configuration.Start();
    }
}

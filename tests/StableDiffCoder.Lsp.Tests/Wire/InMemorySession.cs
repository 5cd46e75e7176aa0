using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Nerdbank.Streams;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Lsp.Tests.Wire;

/// <summary>The real server on one end of a pair of in-memory streams, a <see cref="LspTestClient"/> on the other.</summary>
public sealed class InMemorySession : IAsyncDisposable
{
    private readonly CancellationTokenSource stop;

    private InMemorySession(LspTestClient client, Task<int> server, CancellationTokenSource stop)
    {
        this.stop = stop;
        Client = client;
        Server = server;
    }

    public LspTestClient Client { get; }

    /// <summary>Ends with the server, in its exit code.</summary>
    public Task<int> Server { get; }

    /// <summary>Starts a server with a model that is loaded at once.</summary>
    public static InMemorySession Start(IInfillEngine engine, LanguageServerOptions? options = null, TimeProvider? time = null) =>
        Start((_, _) => Task.FromResult(engine), options, time);

    /// <summary>Starts a server.</summary>
    public static InMemorySession Start(EngineFactory factory, LanguageServerOptions? options = null, TimeProvider? time = null) =>
        Start(new FactoryModelSource(factory), options, time);

    /// <summary>Starts a server.</summary>
    public static InMemorySession Start(
        IModelSource models,
        LanguageServerOptions? options = null,
        TimeProvider? time = null,
        ILoggerFactory? loggers = null
    )
    {
        (Stream near, Stream far) = FullDuplexStream.CreatePair();
        var stop = new CancellationTokenSource();
        Task<int> server = LanguageServer.RunAsync(far, far, models, options, loggers ?? NullLoggerFactory.Instance, stop.Token, time);
        return new InMemorySession(new LspTestClient(near, near), server, stop);
    }

    /// <summary>Starts a server, initializes it and waits until its model is loaded.</summary>
    public static async Task<InMemorySession> ReadyAsync(
        IInfillEngine engine,
        LanguageServerOptions? options = null,
        TimeProvider? time = null
    )
    {
        InMemorySession session = Start(engine, options, time);
        await session.Client.InitializeAsync("""{"window":{"workDoneProgress":true}}""");
        while ((string?)(await session.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        return session;
    }

    /// <summary>The exit code, once the server is done.</summary>
    public Task<int> ExitCodeAsync() => Server.WaitAsync(LspTestClient.Patience);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await stop.CancelAsync();
        await ExitCodeAsync();
        stop.Dispose();
    }
}

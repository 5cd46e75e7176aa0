using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Handlers;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Requests;
using StableDiffCoder.Lsp.Settings;
using StableDiffCoder.Lsp.Statistics;

namespace StableDiffCoder.Lsp;

/// <summary>The language server: one session with one client over two streams.</summary>
public static class LanguageServer
{
    /// <summary>Serves a client with the one model that a factory loads; else as the other overload.</summary>
    public static Task<int> RunAsync(
        Stream input,
        Stream output,
        EngineFactory factory,
        LanguageServerOptions? options,
        ILoggerFactory loggerFactory,
        CancellationToken cancellationToken,
        TimeProvider? time = null
    ) => RunAsync(input, output, new FactoryModelSource(factory), options, loggerFactory, cancellationToken, time);

    /// <summary>Serves a client until it sends exit, closes its side, or the token is cancelled.</summary>
    /// <param name="input">What the client writes.</param>
    /// <param name="output">What the client reads.</param>
    /// <param name="models">Loads the model, in the background, once initialize is answered.</param>
    /// <param name="options">How the server behaves; null takes the defaults.</param>
    /// <param name="loggerFactory">Where the log goes; never to <paramref name="output"/>.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <param name="time">The clock; null is the system's.</param>
    /// <param name="logSwitch">Follows the setting of the log's level; the owner of the log file looks at it.</param>
    /// <returns>The exit code of the process: 0 when the client sent shutdown first, else 1.</returns>
    public static async Task<int> RunAsync(
        Stream input,
        Stream output,
        IModelSource models,
        LanguageServerOptions? options,
        ILoggerFactory loggerFactory,
        CancellationToken cancellationToken,
        TimeProvider? time = null,
        LogSwitch? logSwitch = null
    )
    {
        time ??= TimeProvider.System;
        options ??= new LanguageServerOptions();
        options.Validate();
        logSwitch ??= new LogSwitch();
        using var clientLog = new ClientLog(logSwitch);
        loggerFactory.AddProvider(clientLog);
        ILogger logger = loggerFactory.CreateLogger(typeof(LanguageServer).FullName!);
        var gate = new SessionGate();
        var session = new Session();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var meter = new EngineMeter();
        await using var engine = new BackgroundEngine(meter.Measure(models), options, logger);
        await using var queue = new RequestQueue();
        using var rpc = new LspRpc(new LspMessageHandler(output, input, gate, logger), gate, logger);
        clientLog.Attach(rpc);
        var reporter = new LoadReporter(rpc, session, engine, logger);
        Task reporting = Task.CompletedTask;
        var settings = new CurrentSettings(options);
        var window = new ClientWindow(rpc, logger);
        var configuration = new ConfigurationHandler(rpc, session, settings, window, logger);
        var documents = new DocumentStore();
        await using var context = new WorkspaceContext(documents, options, logger);
        rpc.FirstAnswerSent += () =>
        {
            _ = StartModelAsync(engine, context, configuration, settings, ended.Token);
            reporting = reporter.RunAsync(ended.Token);
        };
        var journal = new CompletionStatistics(time);
        var file = new StatisticsFile(options.StateFolder is string folder ? Path.Combine(folder, "statistics.json") : null);
        var status = new StatusHandler(engine, meter, documents, journal, file, session, context, options, logger);
        var trace = new RequestTrace(rpc, time);
        settings.Changed += changed =>
        {
            logSwitch.Level = changed.Log.Level;
            session.KeepsStatistics = changed.Statistics.Keep;
            context.Use(changed, session.Folders);
        };
        engine.StateChanged += () => TellStatus(rpc, session, status);
        var book = new OfferBook(journal);
        InlineCompleter completer = CreateCompleter(documents, book, engine, context, () => settings.Value, time);
        var completion = new InlineCompletionHandler(documents, engine, completer, journal, context, () => settings.Value, logger);
        var work = new ModelWork(documents, context, engine);
        var infill = new InfillHandler(work, settings, context, rpc);
        var edit = new EditHandler(work, session, window, rpc);
        AddMethods(
            new Registration(rpc, queue, trace),
            new LifecycleHandler(session, configuration, trace, options, logger),
            configuration,
            new TextSyncHandler(documents, window, logger),
            new InlineCompletionGate(documents, settings, new PowerSource(time), journal, context, completion.HandleAsync),
            infill,
            edit,
            new CodeActionHandler(documents, context, engine, session, settings),
            new ExecuteCommandHandler(book, new ServerCommands(work, infill, edit, session, settings, rpc)),
            new DebugHandler(documents, session, context),
            status,
            new WorkspaceHandler(session, context, settings),
            new WatchedFilesHandler(rpc, session, context, logger),
            trace
        );
        Task saving = SaveRegularlyAsync(status, options.StatisticsTime, time, ended.Token);
        rpc.StartListening();
        await Task.WhenAny(WaitForEndAsync(rpc, cancellationToken), ClientProcessWatch.WaitForDeathAsync(session, logger, ended.Token));
        await ended.CancelAsync();
        rpc.Dispose();
        await reporting;
        await saving;
        return gate.ExitCode;
    }

    private static InlineCompleter CreateCompleter(
        DocumentStore documents,
        OfferBook book,
        BackgroundEngine engine,
        WorkspaceContext context,
        Func<LanguageServerOptions> options,
        TimeProvider time
    )
    {
        var newest = new NewestRequest();
        var preparation = new Preparation(newest);
        var pauses = new TypingPauses(time);
        documents.Changed += snapshot =>
        {
            pauses.Note(snapshot.Uri);
            book.Changed(snapshot);
        };
        documents.Gone += book.Closed;
        book.TextAccepted += (snapshot, end) =>
        {
            if (options().InlineCompletion.PrepareNext && engine.Ready is IInfillEngine ready)
            {
                var next = new CompletionPlace(snapshot, end, invoked: false, options())
                {
                    Snippets = () => context.Snippets(snapshot, end),
                };
                preparation.Begin(next, ready);
            }
        };
        return new InlineCompleter(book, pauses, preparation, newest, time);
    }

    private static void AddMethods(
        Registration methods,
        LifecycleHandler lifecycle,
        ConfigurationHandler configuration,
        TextSyncHandler sync,
        InlineCompletionGate inlineCompletion,
        InfillHandler infill,
        EditHandler edit,
        CodeActionHandler actions,
        ExecuteCommandHandler commands,
        DebugHandler debug,
        StatusHandler status,
        WorkspaceHandler workspace,
        WatchedFilesHandler files,
        RequestTrace trace
    )
    {
        LspJson json = LspJson.Default;
        methods.Change(LspMethods.Initialize, json.InitializeParams, lifecycle.Initialize);
        methods.Change(
            LspMethods.Initialized,
            json.NoParams,
            _ =>
            {
                lifecycle.Initialized();
                files.Start();
            }
        );
        methods.Change(LspMethods.Shutdown, json.NoParams, _ => { });
        methods.Change(LspMethods.SetTrace, json.SetTraceParams, parameters => trace.Set(parameters.Value));
        methods.Change(LspMethods.DidOpen, json.DidOpenTextDocumentParams, sync.DidOpen, sync.Unreadable);
        methods.Change(LspMethods.DidChange, json.DidChangeTextDocumentParams, sync.DidChange, sync.Unreadable);
        methods.Change(LspMethods.DidClose, json.DidCloseTextDocumentParams, sync.DidClose);
        methods.Change(LspMethods.DidChangeConfiguration, json.DidChangeConfigurationParams, configuration.DidChange);
        methods.Read(LspMethods.InlineCompletion, json.InlineCompletionParams, inlineCompletion.HandleAsync);
        methods.Read(LspMethods.CodeAction, json.CodeActionParams, (parameters, _) => Task.FromResult(actions.Handle(parameters)));
        methods.Read(LspMethods.ExecuteCommand, json.ExecuteCommandParams, commands.HandleAsync);
        methods.Read(LspMethods.Infill, json.InfillParams, infill.HandleAsync);
        methods.Read(LspMethods.Edit, json.EditParams, edit.HandleAsync);
        methods.Change(LostChangeParams.Method, json.LostChangeParams, sync.ChangeLost);
        methods.Change(LspMethods.DebugText, json.DebugTextParams, debug.Text);
        methods.Change(LspMethods.DebugContext, json.DebugContextParams, debug.Context);
        methods.Change(LspMethods.Status, json.NoParams, _ => status.Status());
        methods.Read(LspMethods.Statistics, json.NoParams, (_, token) => status.StatisticsAsync(token));
        methods.Read(LspMethods.ClearStatistics, json.NoParams, (_, token) => status.ClearAsync(token));
        methods.Change(LspMethods.DidChangeWorkspaceFolders, json.DidChangeWorkspaceFoldersParams, workspace.FoldersChanged);
        methods.Change(LspMethods.DidChangeWatchedFiles, json.DidChangeWatchedFilesParams, files.DidChange);
        methods.Change(LspMethods.DidSave, json.DidSaveTextDocumentParams, files.DidSave);
    }

    private static async Task StartModelAsync(
        BackgroundEngine engine,
        WorkspaceContext context,
        ConfigurationHandler configuration,
        CurrentSettings settings,
        CancellationToken cancellationToken
    )
    {
        await configuration.FirstSettingsAsync(cancellationToken);
        settings.Changed += changed => engine.Choose(changed.Model);
        engine.Choose(settings.Value.Model);
        context.Start();
    }

    private static void TellStatus(LspRpc rpc, Session session, StatusHandler status)
    {
        if (session.WantsStatus)
        {
            _ = rpc.TryNotifyAsync(LspMethods.DidChangeStatus, status.Status(), LspJson.Default.StatusParams);
        }
    }

    /// <summary>Keeps the counts now and then, and at the end.</summary>
    private static async Task SaveRegularlyAsync(
        StatusHandler status,
        TimeSpan period,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(period, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await status.SaveAsync();
        }
    }

    private static async Task WaitForEndAsync(LspRpc rpc, CancellationToken cancellationToken)
    {
        try
        {
            await rpc.Completion.WaitAsync(cancellationToken);
        }
        catch (Exception)
        {
            // The connection broke or the caller ended it: either way the session is over, and the exit code says how.
        }
    }

    private sealed class Registration(LspRpc rpc, RequestQueue queue, RequestTrace trace)
    {
        public void Read<TParams, TResult>(
            string name,
            JsonTypeInfo<TParams> type,
            Func<TParams, CancellationToken, Task<TResult>> handler
        ) => new RpcMethod<TParams, TResult>(name, RequestKind.Reading, type, handler, queue, trace).AddTo(rpc);

        public void Change<TParams, TResult>(
            string name,
            JsonTypeInfo<TParams> type,
            Func<TParams, TResult> handler,
            Action<JsonElement>? unreadable = null
        ) =>
            new RpcMethod<TParams, TResult>(
                name,
                RequestKind.Mutating,
                type,
                (parameters, _) => Task.FromResult(handler(parameters)),
                queue,
                trace,
                unreadable
            ).AddTo(rpc);

        public void Change<TParams>(
            string name,
            JsonTypeInfo<TParams> type,
            Action<TParams> handler,
            Action<JsonElement>? unreadable = null
        ) =>
            Change<TParams, object?>(
                name,
                type,
                parameters =>
                {
                    handler(parameters);
                    return null;
                },
                unreadable
            );
    }
}

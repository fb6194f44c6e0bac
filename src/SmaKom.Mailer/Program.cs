using SmaKom.Mailer.Cli;

return await CommandLine.RunAsync(args);

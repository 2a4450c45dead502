; The installer for Windows: for one person, without administrator's rights. "go run ./packaging/dev package windows" calls makensis with
; NAME, ID, VERSION, PUBLISHER, WEBSITE, SOURCE (the folder with what is installed) and OUTPUT.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetDateSave off ; the same bytes whenever it is made
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "Software\${NAME}" "Folder"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME}"
VIAddVersionKey /LANG=0 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=0 "LegalCopyright" "${COPYRIGHT}"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
; What a toast shows of who it comes from (learn.microsoft.com, "Application User Model IDs").
!define TOASTS "Software\Classes\AppUserModelId\${ID}"

!define MUI_ICON "${SOURCE}\rimbalzo.ico"
!define MUI_UNICON "${SOURCE}\rimbalzo.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\rimbalzo.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Italian"

LangString Running ${LANG_ENGLISH} "${NAME} is still running and could not be ended. Close its window and try again."
LangString Running ${LANG_ITALIAN} "${NAME} è ancora aperto e non si riesce a chiuderlo. Chiudi la sua finestra e riprova."
LangString AskData ${LANG_ENGLISH} "Take away also what ${NAME} keeps: your list of accounts and their passwords, what you ticked, what was read?$\n$\nYour mail itself is not touched. If you mean to install ${NAME} again, answer No."
LangString AskData ${LANG_ITALIAN} "Togliere anche ciò che ${NAME} conserva: l'elenco degli account e le loro password, le spunte, ciò che è stato letto?$\n$\nLa posta non viene toccata. Se pensi di installare di nuovo ${NAME}, rispondi No."
LangString DataStays ${LANG_ENGLISH} "Not everything that ${NAME} keeps could be taken away. It is in $APPDATA\rimbalzo, and passwords are in Windows' Credential Manager under the name rimbalzo."
LangString DataStays ${LANG_ITALIAN} "Non è stato possibile togliere tutto ciò che ${NAME} conserva. Si trova in $APPDATA\rimbalzo, e le password sono in Gestione credenziali di Windows sotto il nome rimbalzo."
LangString Comment ${LANG_ENGLISH} "Which of your messages to send again after a mail provider's outage"
LangString Comment ${LANG_ITALIAN} "Quali messaggi rispedire dopo il guasto di un gestore di posta"

; The watcher of an older version ends by itself when asked; a file that stays locked is a window that is open.
!macro EndWatcher
  ${If} ${FileExists} "$INSTDIR\rimbalzo.com"
    nsExec::Exec '"$INSTDIR\rimbalzo.com" watch --end'
    Pop $0
  ${EndIf}
!macroend

; The shortcut carries the id by which Windows knows the program: without it there are no toasts.
!macro Shortcut LINK
  CreateShortCut "${LINK}" "$INSTDIR\rimbalzo.exe" "" "$INSTDIR\rimbalzo.exe" 0 SW_SHOWNORMAL "" "$(Comment)"
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("${LINK}", ${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
        System::Call '*(&w128 "${ID}")p.r5'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,$5)p.r4'
        ${IPropertyStore::SetValue} $2 '($3,$4)'
        ${IPropertyStore::Commit} $2 ""
        System::Free $5
        System::Free $4
        System::Free $3
        ${IUnknown::Release} $2 ""
      ${EndIf}
      ${IPersistFile::Save} $1 '("${LINK}",1)'
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
!macroend

Section
  !insertmacro EndWatcher
  SetOutPath "$INSTDIR"
  ClearErrors
  SetOverwrite try
  File "${SOURCE}\rimbalzo.exe"
  File "${SOURCE}\rimbalzo.com"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "$(Running)" /SD IDOK
    SetErrorLevel 3
    Abort
  ${EndIf}
  SetOverwrite on
  File "${SOURCE}\rimbalzo.ico"
  File "${SOURCE}\rimbalzo.png"
  File "${SOURCE}\LICENSE.txt"
  File "${SOURCE}\LICENCES.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  !insertmacro Shortcut "$SMPROGRAMS\${NAME}.lnk"
  WriteRegStr HKCU "Software\${NAME}" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${TOASTS}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${TOASTS}" "IconUri" "$INSTDIR\rimbalzo.png"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\rimbalzo.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "URLInfoAbout" "${WEBSITE}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
  ; A typed "rimbalzo" is found: by Win+R here, in a console on the person's PATH. The program changes PATH itself, because the strings
  ; of this installer are too short for some people's.
  nsExec::Exec '"$INSTDIR\rimbalzo.com" path add'
  Pop $0
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\rimbalzo.exe" "" "$INSTDIR\rimbalzo.exe"
SectionEnd

Function un.onInit
  ReadRegStr $0 HKCU "Software\${NAME}" "Folder"
  ${If} $0 != ""
    StrCpy $INSTDIR $0
  ${EndIf}
FunctionEnd

Section Uninstall
  ; Silent removal, as winget does it before an upgrade, keeps what is kept.
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(AskData)" /SD IDNO IDYES forget
  nsExec::Exec '"$INSTDIR\rimbalzo.com" leave'
  Pop $0
  Goto left
forget:
  nsExec::Exec '"$INSTDIR\rimbalzo.com" leave --forget --yes'
  Pop $0
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(DataStays)" /SD IDOK
  ${EndIf}
left:
  nsExec::Exec '"$INSTDIR\rimbalzo.com" path remove'
  Pop $0
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$INSTDIR\rimbalzo.exe"
  Delete "$INSTDIR\rimbalzo.com"
  Delete "$INSTDIR\rimbalzo.ico"
  Delete "$INSTDIR\rimbalzo.png"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\LICENCES.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "${TOASTS}"
  DeleteRegKey HKCU "Software\${NAME}"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\rimbalzo.exe"
SectionEnd
